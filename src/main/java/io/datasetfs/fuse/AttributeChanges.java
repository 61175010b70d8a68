package io.datasetfs.fuse;

import com.kenai.jffi.MemoryIO;
import io.datasetfs.fs.FileSystem;
import io.datasetfs.fs.Inode;
import io.datasetfs.fs.OpenFile;
import io.datasetfs.model.FsException;
import io.datasetfs.staging.AttributeChange;
import io.datasetfs.staging.SetIdBits;

/**
 * The operations that change attributes, as libfuse calls them. The kernel itself takes set-user
 * bits away in this version of its protocol.
 */
final class AttributeChanges {
  private static final MemoryIO MEMORY = MemoryIO.getInstance();

  private final FileSystem fs;
  private final PathWalk paths;
  private final OpenFiles files;

  AttributeChanges(FileSystem fs, PathWalk paths, OpenFiles files) {
    this.fs = fs;
    this.paths = paths;
    this.files = files;
  }

  private int change(Inode inode, OpenFile file, AttributeChange change) throws FsException {
    fs.changes().setAttributes(inode, file, change, LoopThread.requester());
    return 0;
  }

  private static SetIdBits setIdBits() {
    return LoopThread.unprivileged() == null ? SetIdBits.KEPT : SetIdBits.DROPPED;
  }

  int chmod(long path, int mode) {
    AttributeChange change = AttributeChange.NONE.withMode(FileModes.permissions(mode));
    return Guard.answer("chmod", path, () -> change(paths.find(path), null, change));
  }

  int chown(long path, int uid, int gid) {
    // -1 stays
    Integer user = uid == -1 ? null : (Integer) uid;
    Integer group = gid == -1 ? null : (Integer) gid;
    AttributeChange change = new AttributeChange(null, user, group, null, null, null, setIdBits());
    return Guard.answer("chown", path, () -> change(paths.find(path), null, change));
  }

  int truncate(long path, long size) {
    AttributeChange change = AttributeChange.NONE.withSize(size).withSetId(setIdBits());
    return Guard.answer("truncate", path, () -> change(paths.find(path), null, change));
  }

  int ftruncate(long path, long size, long fileInfo) {
    AttributeChange change = AttributeChange.NONE.withSize(size).withSetId(setIdBits());
    long handle = Layouts.handle(fileInfo);
    return Guard.answer(
        "truncate",
        () -> files.path(handle),
        () -> {
          OpenFiles.Opened opened = files.require(handle);
          return change(opened.inode(), opened.file(), change);
        });
  }

  int utimens(long path, long times) {
    AttributeChange change =
        new AttributeChange(
            null,
            null,
            null,
            null,
            Layouts.setTime(times, 0),
            Layouts.setTime(times, 1),
            SetIdBits.KEPT);
    return Guard.answer("utimens", path, () -> change(paths.find(path), null, change));
  }

  int setxattr(long path, long name, long value, long size, int flags) {
    return Guard.answer(
        "setxattr",
        path,
        () -> {
          byte[] bytes = new byte[Math.toIntExact(size)];
          MEMORY.getByteArray(value, bytes, 0, bytes.length);
          String attribute = CStrings.decode(CStrings.bytesAt(name));
          Inode inode = paths.find(path);
          fs.changes().setExtendedAttribute(inode, attribute, bytes, ExtendedNames.rule(flags));
          return 0;
        });
  }

  int removexattr(long path, long name) {
    return Guard.answer(
        "removexattr",
        path,
        () -> {
          String attribute = CStrings.decode(CStrings.bytesAt(name));
          fs.changes().removeExtendedAttribute(paths.find(path), attribute);
          return 0;
        });
  }
}
