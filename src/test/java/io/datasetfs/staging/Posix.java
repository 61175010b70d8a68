package io.datasetfs.staging;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.off_t;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/** The C library's calls on real files, to compare with. */
public interface Posix {
  /** The C library. */
  Posix LIBC = LibraryLoader.create(Posix.class).load("c");

  int AT_FDCWD = -100;
  int AT_SYMLINK_NOFOLLOW = 0x100;
  int AT_EMPTY_PATH = 0x1000;

  int umask(int mask);

  int open(byte[] path, int flags, int mode);

  int close(int descriptor);

  @ssize_t
  long pread(int descriptor, @Out byte[] target, @size_t long length, @off_t long offset);

  @ssize_t
  long pwrite(int descriptor, @In byte[] source, @size_t long length, @off_t long offset);

  int ftruncate(int descriptor, @off_t long length);

  int truncate(byte[] path, @off_t long length);

  int fallocate(int descriptor, int mode, @off_t long offset, @off_t long length);

  @off_t
  long lseek(int descriptor, @off_t long offset, int whence);

  int mkdir(byte[] path, int mode);

  int rmdir(byte[] path);

  int unlink(byte[] path);

  int symlink(byte[] target, byte[] path);

  int link(byte[] from, byte[] to);

  int mknod(byte[] path, int mode, long device);

  int renameat2(int from, byte[] name, int to, byte[] newName, int flags);

  int chmod(byte[] path, int mode);

  int lchown(byte[] path, int uid, int gid);

  int utimensat(int directory, byte[] path, @In long[] times, int flags);

  int lsetxattr(byte[] path, byte[] name, @In byte[] value, @size_t long size, int flags);

  int lremovexattr(byte[] path, byte[] name);

  @ssize_t
  long lgetxattr(byte[] path, byte[] name, @Out byte[] value, @size_t long size);

  int statx(int directory, byte[] path, int flags, int mask, @Out byte[] answer);

  @ssize_t
  long readlink(byte[] path, @Out byte[] target, @size_t long size);

  static byte[] text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  /** 0 or more, or the negative error number. */
  static long result(long answer) {
    return answer < 0 ? -Runtime.getSystemRuntime().getLastError() : answer;
  }
}
