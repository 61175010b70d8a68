package io.datasetfs.staging;

import io.datasetfs.model.FsException;
import io.datasetfs.model.TemporaryName;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.Utf8;
import io.datasetfs.read.TreeItem;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * One walk through a sealed version, everything of which is in the tables. Keeps a position a level
 * rather than a call a level. Used by one thread.
 */
final class CommitWalk {
  private static final int BATCH = 1024;

  private final Metadata metadata;
  private final ContentFiles files;
  private final Base base;
  private final Clock clock;
  private final Deque<Level> levels = new ArrayDeque<>();

  CommitWalk(Metadata metadata, ContentFiles files, Base base, Clock clock) {
    this.metadata = metadata;
    this.files = files;
    this.base = base;
    this.clock = clock;
  }

  void run(StagedVisitor visitor) throws FsException {
    Row root = metadata.row(Overlay.ROOT);
    visit(StagedPath.ROOT, root, visitor);
    while (!levels.isEmpty()) {
      Level level = levels.element();
      if (!level.visitNext(visitor)) {
        levels.pop();
        visitor.endDirectory();
      }
    }
  }

  private void visit(StagedPath path, Row row, StagedVisitor visitor) throws FsException {
    if (isLeftOver(path.name(), row)) {
      return;
    }
    switch (row.kind()) {
      case DIRECTORY -> visitDirectory(path, row, visitor);
      case FILE -> visitFile(path, row, visitor);
      case SYMLINK -> visitor.symlink(path, row.attributes(), row.target());
      default -> visitor.special(path, row.kind());
    }
  }

  /** Whether this is what a killed program had not finished: a sealed version has no other. */
  private static boolean isLeftOver(String name, Row row) {
    return TemporaryName.is(name)
        && row.base() == null
        && (row.isFile() || row.kind() == InodeKind.SYMLINK);
  }

  private void visitDirectory(StagedPath path, Row row, StagedVisitor visitor) throws FsException {
    if (row.base() != null && !row.touched()) {
      TreeEntry.Directory entry = base.directory(row.base());
      visitor.committed(
          path,
          new TreeEntry.Directory(
              path.name(), row.mode(), row.mtime(), entry.summary(), entry.page()));
      return;
    }
    visitor.beginDirectory(path, row.attributes());
    levels.push(new Level(path, row));
  }

  private void visitFile(StagedPath path, Row row, StagedVisitor visitor) throws FsException {
    if (row.base() != null) {
      TreeEntry.File entry = base.file(row.base());
      if (isCommitted(row, entry)) {
        visitor.committed(
            path,
            new TreeEntry.File(
                path.name(),
                row.mode(),
                row.mtime(),
                entry.size(),
                entry.digest(),
                entry.content()));
        return;
      }
    }
    visitor.file(path, row.attributes(), new StagedContent(content(row), base, row.base()));
  }

  /** Whether all of a file is as it was; leaves nothing open, since a walk may be far ahead. */
  private boolean isCommitted(Row row, TreeEntry.File entry) throws FsException {
    try (Content content = content(row)) {
      return content.isCommitted(entry.size());
    }
  }

  private Content content(Row row) {
    return Content.readOnly(row, metadata, files, base, clock);
  }

  /** A touched directory, part of which was visited. */
  private final class Level {
    private final StagedPath path;
    private final Row directory;

    /** The area's own names that come next. */
    private final Deque<NamedRow> own = new ArrayDeque<>();

    private String lastOwn = "";
    private boolean ownListed;

    /** The numbers of the base's entries that have rows, in order. */
    private final long[] touched;

    /** The base's entries that come next. */
    private final Deque<TreeItem> committed = new ArrayDeque<>();

    private long position;
    private boolean listed;

    Level(StagedPath path, Row directory) throws FsException {
      this.path = path;
      this.directory = directory;
      this.listed = directory.base() == null;
      this.touched = listed ? new long[0] : metadata.tables().numbersFrom(directory.number());
    }

    /** Visits one name, or says that there are no more. */
    boolean visitNext(StagedVisitor visitor) throws FsException {
      fill();
      NamedRow mine = own.peek();
      TreeItem item = committed.peek();
      if (mine == null && item == null) {
        return false;
      }
      int order = item == null ? -1 : mine == null ? 1 : compare(mine.name().name(), name(item));
      if (order >= 0) {
        committed.remove();
      }
      if (order > 0) {
        visitCommitted(item, visitor);
        return true;
      }
      own.remove();
      if (mine.row() != null) {
        String name = mine.name().name();
        visit(path.below(name), mine.row(), visitor);
      }
      return true;
    }

    private void visitCommitted(TreeItem item, StagedVisitor visitor) throws FsException {
      String name = name(item);
      long number = Base.number(directory.number(), name);
      if (Arrays.binarySearch(touched, number) < 0) {
        visitor.committed(path.below(name), item.entry());
      } else {
        visit(path.below(name), metadata.row(number), visitor);
      }
    }

    private void fill() throws FsException {
      if (own.isEmpty() && !ownListed) {
        own.addAll(metadata.tables().namedRows(directory.number(), lastOwn, BATCH));
        ownListed = own.size() < BATCH;
        lastOwn = own.isEmpty() ? lastOwn : own.getLast().name().name();
      }
      if (listed || !committed.isEmpty()) {
        return;
      }
      base.list(
          directory.base(),
          position,
          (item, next) -> {
            committed.add(item);
            position = next;
            return committed.size() < BATCH;
          });
      listed = committed.size() < BATCH;
    }
  }

  private static int compare(String a, String b) {
    return Utf8.compare(Utf8.encode(a), Utf8.encode(b));
  }

  private static String name(TreeItem item) {
    return item.entry().name();
  }
}
