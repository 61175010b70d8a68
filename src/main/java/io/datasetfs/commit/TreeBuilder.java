package io.datasetfs.commit;

import io.datasetfs.format.ContentDigest;
import io.datasetfs.format.DirectoryWriter;
import io.datasetfs.format.ExtentWriter;
import io.datasetfs.format.PageSink;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.TreeEntry.FileContent;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Builds a version's tree from a walk: directories are begun, filled in order of their names and
 * ended. Holds one page and one level of index for each directory on the current path. To be used
 * by one thread.
 */
final class TreeBuilder {
  private final PageSink sink;
  private final Deque<Open> path = new ArrayDeque<>();

  /** Once it is there. */
  private TreeEntry.Directory root;

  /** A directory that is being filled. */
  private record Open(
      String name, int mode, Instant mtime, DirectoryWriter pages, ContentDigest summary) {
    void add(TreeEntry entry) throws FsException {
      pages.add(entry);
      summary.add(entry);
    }
  }

  TreeBuilder(PageSink sink) {
    this.sink = sink;
  }

  void beginDirectory(String name, int mode, Instant mtime) {
    path.push(new Open(name, mode, mtime, new DirectoryWriter(sink), new ContentDigest()));
  }

  /** Adds an entry as it is; a directory outside of all others is the tree. */
  void add(TreeEntry entry) throws FsException {
    if (!path.isEmpty()) {
      path.element().add(entry);
    } else if (entry instanceof TreeEntry.Directory directory) {
      root = directory;
    } else {
      throw new IllegalStateException("outside of all directories: " + entry.name());
    }
  }

  void addFile(String name, int mode, Instant mtime, FileResult result) throws FsException {
    path.element()
        .add(
            new TreeEntry.File(name, mode, mtime, result.size(), result.digest(), content(result)));
  }

  private FileContent content(FileResult result) throws FsException {
    if (result.inline() != null) {
      return new FileContent.Inline(result.inline());
    }
    ExtentWriter extents = new ExtentWriter(sink);
    for (FileResult.Part part : result.parts()) {
      extents.add(part.placement().toExtent());
    }
    return extents.finish();
  }

  /** Ends the directory that was begun last and gives it to its parent, if it has one. */
  void endDirectory() throws FsException {
    Open ended = path.pop();
    add(
        new TreeEntry.Directory(
            ended.name(),
            ended.mode(),
            ended.mtime(),
            ended.summary().finish(),
            ended.pages().finish()));
  }

  /** The top directory, when it has ended. */
  TreeEntry.Directory root() {
    return root;
  }
}
