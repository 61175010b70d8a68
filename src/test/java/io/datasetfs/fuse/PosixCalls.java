package io.datasetfs.fuse;

import java.nio.ByteBuffer;
import jnr.ffi.LibraryLoader;

/** System calls of files as programs make them, for tests. All answer -1 when they fail. */
public interface PosixCalls {
  /** The C library. */
  PosixCalls C = LibraryLoader.create(PosixCalls.class).load("c");

  int AT_FDCWD = -100;
  int AT_SYMLINK_NOFOLLOW = 0x100;
  int AT_REMOVEDIR = 0x200;
  int AT_SYMLINK_FOLLOW = 0x400;
  int AT_EMPTY_PATH = 0x1000;
  int O_RDONLY = 0;
  int O_WRONLY = 1;
  int O_RDWR = 2;
  int O_CREAT = 0100;
  int O_EXCL = 0200;
  int O_TRUNC = 01000;
  int O_APPEND = 02000;
  int O_DIRECTORY = 0200000;
  int O_NOFOLLOW = 0400000;
  int O_CLOEXEC = 02000000;
  int O_PATH = 010000000;
  int O_TMPFILE = 020200000;

  int openat(int directory, byte[] path, int flags, int mode);

  int close(int descriptor);

  long pread(int descriptor, ByteBuffer bytes, long length, long offset);

  long pwrite(int descriptor, ByteBuffer bytes, long length, long offset);

  long write(int descriptor, byte[] bytes, long length);

  long lseek(int descriptor, long offset, int whence);

  int ftruncate(int descriptor, long length);

  int truncate(byte[] path, long length);

  int fallocate(int descriptor, int mode, long offset, long length);

  int fsync(int descriptor);

  int fdatasync(int descriptor);

  int mkdirat(int directory, byte[] name, int mode);

  int mknodat(int directory, byte[] name, int mode, long device);

  int symlinkat(byte[] target, int directory, byte[] name);

  long readlinkat(int directory, byte[] name, byte[] target, long size);

  int linkat(int from, byte[] name, int to, byte[] newName, int flags);

  int unlinkat(int directory, byte[] name, int flags);

  int renameat2(int from, byte[] name, int to, byte[] newName, int flags);

  int fchmod(int descriptor, int mode);

  int chmod(byte[] path, int mode);

  int fchownat(int directory, byte[] name, int uid, int gid, int flags);

  int utimensat(int directory, byte[] name, long[] times, int flags);

  int futimens(int descriptor, long[] times);

  int lsetxattr(byte[] path, byte[] name, byte[] value, long size, int flags);

  int setxattr(byte[] path, byte[] name, byte[] value, long size, int flags);

  long getxattr(byte[] path, byte[] name, byte[] value, long size);

  long listxattr(byte[] path, byte[] names, long size);

  int removexattr(byte[] path, byte[] name);

  int umask(int mask);

  int setfsuid(int uid);

  int setfsgid(int gid);
}
