package io.datasetfs.fuse;

import static io.datasetfs.fuse.HostFileSystem.call;

import io.datasetfs.fs.Attributes;
import io.datasetfs.fs.Created;
import io.datasetfs.fs.FileChanges;
import io.datasetfs.fs.FileType;
import io.datasetfs.fs.Inode;
import io.datasetfs.fs.OpenDirectory;
import io.datasetfs.fs.OpenFile;
import io.datasetfs.fs.OpenMode;
import io.datasetfs.fs.Requester;
import io.datasetfs.fuse.HostFileSystem.Node;
import io.datasetfs.fuse.HostFileSystem.Opened;
import io.datasetfs.model.FsException;
import io.datasetfs.staging.AllocateMode;
import io.datasetfs.staging.AttributeChange;
import io.datasetfs.staging.AttributeMode;
import io.datasetfs.staging.RenameMode;
import io.datasetfs.staging.SetIdBits;
import java.nio.ByteBuffer;
import java.time.Instant;

/** Changes a directory of the machine. Works in the name of who asks, one thread at a time. */
final class HostChanges implements FileChanges {
  private static final PosixCalls C = PosixCalls.C;
  private static final int NOW = (1 << 30) - 1;
  private static final int OMIT = (1 << 30) - 2;

  private final HostFileSystem fs;

  HostChanges(HostFileSystem fs) {
    this.fs = fs;
  }

  /** A call that makes something. */
  private interface Making {
    long make();
  }

  private static int fd(Inode inode) {
    return ((Node) inode).descriptor();
  }

  private static int fd(OpenFile file) {
    return ((Opened) file).descriptor();
  }

  /** Makes something that belongs to who asks. */
  private static long as(Requester requester, Making making) throws FsException {
    C.setfsgid(requester.gid());
    C.setfsuid(requester.uid());
    long result;
    int errno;
    try {
      result = making.make();
      errno = LibC.lastError();
    } finally {
      C.setfsuid(0);
      C.setfsgid(0);
    }
    if (result < 0) {
      throw HostFileSystem.failure(errno);
    }
    return result;
  }

  @Override
  public Created create(Inode directory, String name, int mode, OpenMode open, Requester requester)
      throws FsException {
    int flags = HostFileSystem.flags(open) | PosixCalls.O_CREAT | PosixCalls.O_EXCL;
    byte[] bytes = CStrings.terminated(name);
    long made = as(requester, () -> C.openat(fd(directory), bytes, flags, mode));
    return fs.created(directory, name, (int) made);
  }

  @Override
  public Created createUnnamed(Inode directory, int mode, OpenMode open, Requester requester)
      throws FsException {
    int flags = HostFileSystem.flags(open) | PosixCalls.O_TMPFILE;
    byte[] here = CStrings.terminated(".");
    long made = as(requester, () -> C.openat(fd(directory), here, flags, mode));
    return fs.created(directory, null, (int) made);
  }

  @Override
  public Inode makeNode(
      Inode directory, String name, FileType type, int mode, int device, Requester requester)
      throws FsException {
    byte[] bytes = CStrings.terminated(name);
    int all = HostFileSystem.mode(type, mode);
    if (type == FileType.BLOCK_DEVICE || type == FileType.CHARACTER_DEVICE) {
      call(C.mknodat(fd(directory), bytes, all, device)); // the kernel lets only root come here
    } else {
      as(requester, () -> C.mknodat(fd(directory), bytes, all, device));
    }
    return fs.lookup(directory, name);
  }

  @Override
  public Inode makeDirectory(Inode directory, String name, int mode, Requester requester)
      throws FsException {
    byte[] bytes = CStrings.terminated(name);
    as(requester, () -> C.mkdirat(fd(directory), bytes, mode));
    return fs.lookup(directory, name);
  }

  @Override
  public Inode makeSymlink(Inode directory, String name, String target, Requester requester)
      throws FsException {
    byte[] bytes = CStrings.terminated(name);
    as(requester, () -> C.symlinkat(CStrings.terminated(target), fd(directory), bytes));
    return fs.lookup(directory, name);
  }

  @Override
  public void link(Inode inode, Inode directory, String name) throws FsException {
    byte[] empty = {0};
    byte[] bytes = CStrings.terminated(name);
    call(C.linkat(fd(inode), empty, fd(directory), bytes, PosixCalls.AT_EMPTY_PATH));
  }

  @Override
  public void unlink(Inode directory, String name) throws FsException {
    call(C.unlinkat(fd(directory), CStrings.terminated(name), 0));
  }

  @Override
  public void removeDirectory(Inode directory, String name) throws FsException {
    call(C.unlinkat(fd(directory), CStrings.terminated(name), PosixCalls.AT_REMOVEDIR));
  }

  @Override
  public void rename(
      Inode directory, String name, Inode newDirectory, String newName, RenameMode mode)
      throws FsException {
    byte[] from = CStrings.terminated(name);
    byte[] to = CStrings.terminated(newName);
    int flags = mode == RenameMode.REPLACE ? 0 : mode == RenameMode.NO_REPLACE ? 1 : 2;
    call(C.renameat2(fd(directory), from, fd(newDirectory), to, flags));
  }

  @Override
  public Attributes setAttributes(
      Inode inode, OpenFile file, AttributeChange change, Requester requester) throws FsException {
    byte[] path = ((Node) inode).pathBytes();
    byte[] empty = {0};
    int at = PosixCalls.AT_EMPTY_PATH;
    if (change.uid() != null || change.gid() != null) {
      int uid = change.uid() == null ? -1 : change.uid();
      int gid = change.gid() == null ? -1 : change.gid();
      call(C.fchownat(fd(inode), empty, uid, gid, at));
    }
    if (change.size() != null) {
      call(file != null ? C.ftruncate(fd(file), change.size()) : C.truncate(path, change.size()));
      dropSetId(inode, change.dropSetId() != SetIdBits.KEPT, requester);
    }
    if (change.mode() != null) {
      call(C.chmod(path, change.mode()));
    }
    if (HostFileSystem.isChanged(change)) {
      long[] times = new long[4];
      put(times, 0, change.atime());
      put(times, 2, change.mtime());
      call(C.utimensat(fd(inode), empty, times, at));
    }
    return fs.getAttributes(inode);
  }

  private static void put(long[] times, int index, Instant time) {
    if (time == null) {
      times[index + 1] = OMIT;
    } else if (time.equals(AttributeChange.NOW)) {
      times[index + 1] = NOW;
    } else {
      times[index] = time.getEpochSecond();
      times[index + 1] = time.getNano();
    }
  }

  void dropSetId(Inode inode, boolean drop, Requester requester) throws FsException {
    if (!drop) {
      return;
    }
    Attributes now = fs.getAttributes(inode);
    int mode = now.mode();
    boolean locking = (mode & 010) == 0 && requester.isIn(now.owner().gid());
    int taken = 04000 | (locking ? 0 : 02000);
    if ((mode & taken) != 0) {
      call(C.chmod(((Node) inode).pathBytes(), mode & ~taken));
    }
  }

  @Override
  public int write(OpenFile file, long offset, ByteBuffer source, Requester unprivileged)
      throws FsException {
    int written = (int) call(C.pwrite(fd(file), source, source.remaining(), offset));
    dropSetId(new Node(0, fd(file)), unprivileged != null, unprivileged);
    return written;
  }

  @Override
  public void flush(OpenFile file) {}

  @Override
  public void sync(OpenFile file, boolean dataOnly) throws FsException {
    call(dataOnly ? C.fdatasync(fd(file)) : C.fsync(fd(file)));
  }

  @Override
  public void sync(OpenDirectory directory) {}

  @Override
  public void allocate(
      OpenFile file, AllocateMode mode, long offset, long length, Requester unprivileged)
      throws FsException {
    call(C.fallocate(fd(file), mode.flags(), offset, length));
    dropSetId(new Node(0, fd(file)), unprivileged != null, unprivileged);
  }

  @Override
  public void setExtendedAttribute(Inode inode, String name, byte[] value, AttributeMode mode)
      throws FsException {
    byte[] path = ((Node) inode).pathBytes();
    int flags = mode == AttributeMode.ANY ? 0 : mode == AttributeMode.CREATE ? 1 : 2;
    call(C.setxattr(path, CStrings.terminated(name), value, value.length, flags));
  }

  @Override
  public void removeExtendedAttribute(Inode inode, String name) throws FsException {
    call(C.removexattr(((Node) inode).pathBytes(), CStrings.terminated(name)));
  }
}
