package io.datasetfs.read;

import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.TreeEntry.Directory;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One walk through a tree. Keeps a position a level rather than a call a level, so that the depth
 * of the tree is not bounded by the stack, nor the memory by its width. Used by one thread.
 */
final class TreeWalk {
  private final VersionTree tree;
  private final TreeVisitor visitor;
  private final Deque<Level> levels = new ArrayDeque<>();

  TreeWalk(VersionTree tree, TreeVisitor visitor) {
    this.tree = tree;
    this.visitor = visitor;
  }

  void run(Directory top) throws FsException {
    levels.push(new Level(top, "", 0));
    while (!levels.isEmpty()) {
      Level level = levels.pop();
      Step step = new Step(level);
      try {
        tree.list(level.directory()).list(level.position(), step);
      } catch (StoppedException e) {
        throw e.failure;
      } catch (FsException e) {
        visitor.failed(level.path(), e);
        continue;
      }
      if (step.below != null) {
        levels.push(new Level(level.directory(), level.path(), step.next));
        levels.push(new Level(step.below, level.pathOf(step.below), 0));
      }
    }
  }

  private record Level(Directory directory, String path, long position) {
    String pathOf(TreeEntry entry) {
      return path.isEmpty() ? entry.name() : path + "/" + entry.name();
    }
  }

  /** Visits a directory's entries up to its next subdirectory. */
  private final class Step implements EntrySink {
    private final Level level;
    private Directory below;
    private long next;

    Step(Level level) {
      this.level = level;
    }

    @Override
    public boolean add(TreeItem item, long position) throws FsException {
      TreeEntry entry = item.entry();
      try {
        visitor.visit(level.pathOf(entry), entry);
      } catch (FsException e) {
        throw new StoppedException(e);
      }
      next = position;
      below = entry instanceof Directory directory ? directory : null;
      return below == null;
    }
  }

  /** What the visitor threw, as opposed to what reading met. */
  private static final class StoppedException extends FsException {
    private static final long serialVersionUID = 1L;

    private final FsException failure;

    StoppedException(FsException failure) {
      super(failure.kind(), failure.getMessage(), failure);
      this.failure = failure;
    }
  }
}
