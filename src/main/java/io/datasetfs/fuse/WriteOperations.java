package io.datasetfs.fuse;

import io.datasetfs.fs.FileSystem;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;

/**
 * The operations that would change something. Which directories take changes is the file system's
 * to say; it says so for the directory that the name is in.
 */
final class WriteOperations {
  private final FileSystem fs;
  private final PathWalk paths;

  WriteOperations(FileSystem fs, PathWalk paths) {
    this.fs = fs;
    this.paths = paths;
  }

  /**
   * Refuses a change.
   *
   * @param operation its name, for the log
   * @param path address of the path that would change
   * @return a negated errno
   */
  int refuse(String operation, long path) {
    return Guard.answer(
        operation,
        path,
        () -> {
          fs.requireWritable(paths.findParent(path));
          throw new FsException(FailureKind.UNSUPPORTED, "writing is not supported");
        });
  }

  /** Refuses a rename, for the sake of either of its names. */
  int refuseRename(long from, long to) {
    int answer = refuse("rename", from);
    return answer == Errno.EROFS.answer() ? answer : refuse("rename", to);
  }
}
