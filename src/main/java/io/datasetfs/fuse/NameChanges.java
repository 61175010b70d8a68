package io.datasetfs.fuse;

import io.datasetfs.fs.FileChanges;
import io.datasetfs.fs.FileSystem;
import io.datasetfs.fs.FileType;
import io.datasetfs.model.FsException;
import io.datasetfs.staging.RenameMode;

/** The operations that change names, as libfuse calls them. */
final class NameChanges {
  private final FileChanges changes;
  private final PathWalk paths;

  NameChanges(FileSystem fs, PathWalk paths) {
    this.changes = fs.changes();
    this.paths = paths;
  }

  int mknod(long path, int mode, long device) {
    return Guard.answer(
        "mknod",
        path,
        () -> {
          FileType type = FileModes.typeOf(mode);
          boolean isDevice = type == FileType.CHARACTER_DEVICE || type == FileType.BLOCK_DEVICE;
          changes.makeNode(
              paths.findParent(path),
              PathWalk.lastName(path),
              type,
              FileModes.permissions(mode),
              isDevice ? (int) device : 0,
              LoopThread.requester());
          return 0;
        });
  }

  int mkdir(long path, int mode) {
    return Guard.answer(
        "mkdir",
        path,
        () -> {
          changes.makeDirectory(
              paths.findParent(path),
              PathWalk.lastName(path),
              FileModes.permissions(mode),
              LoopThread.requester());
          return 0;
        });
  }

  int symlink(long target, long path) {
    return Guard.answer(
        "symlink",
        path,
        () -> {
          changes.makeSymlink(
              paths.findParent(path),
              PathWalk.lastName(path),
              CStrings.decode(CStrings.bytesAt(target)),
              LoopThread.requester());
          return 0;
        });
  }

  int link(long from, long to) {
    return Guard.answer(
        "link",
        to,
        () -> {
          changes.link(paths.find(from), paths.findParent(to), PathWalk.lastName(to));
          return 0;
        });
  }

  int unlink(long path) {
    return Guard.answer(
        "unlink",
        path,
        () -> {
          changes.unlink(paths.findParent(path), PathWalk.lastName(path));
          return 0;
        });
  }

  int rmdir(long path) {
    return Guard.answer(
        "rmdir",
        path,
        () -> {
          changes.removeDirectory(paths.findParent(path), PathWalk.lastName(path));
          return 0;
        });
  }

  int rename(long from, long to) {
    return Guard.answer("rename", from, () -> move(from, to));
  }

  private int move(long from, long to) throws FsException {
    changes.rename(
        paths.findParent(from),
        PathWalk.lastName(from),
        paths.findParent(to),
        PathWalk.lastName(to),
        RenameMode.REPLACE);
    return 0;
  }
}
