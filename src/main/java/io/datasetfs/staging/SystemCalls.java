package io.datasetfs.staging;

import java.nio.ByteBuffer;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.off_t;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/**
 * The system calls on files that the JDK does not offer, and those that it offers only on channels,
 * which an interrupt of one of their users closes for all.
 */
public interface SystemCalls {
  /** The C library. */
  SystemCalls INSTANCE = LibraryLoader.create(SystemCalls.class).load("c");

  /** Opens a file; answers a descriptor or -1. */
  int open(byte[] path, int flags, int mode);

  /** Closes a descriptor. */
  int close(int descriptor);

  /** Reads between a buffer's position and limit; answers a length or -1. */
  @ssize_t
  long pread(int descriptor, @Out ByteBuffer target, @size_t long length, @off_t long offset);

  /** Writes between a buffer's position and limit; answers a length or -1. */
  @ssize_t
  long pwrite(int descriptor, @In ByteBuffer source, @size_t long length, @off_t long offset);

  /** Sets a file's length. */
  int ftruncate(int descriptor, @off_t long length);

  /** Reserves or frees a range. */
  int fallocate(int descriptor, int mode, @off_t long offset, @off_t long length);

  /** Finds bytes or a hole; answers an offset or -1. */
  @off_t
  long lseek(int descriptor, @off_t long offset, int whence);

  /** Makes content and attributes safe. */
  int fsync(int descriptor);

  /** Makes content safe, and what it takes to read it. */
  int fdatasync(int descriptor);

  /** Makes all that the descriptor's file system holds safe. */
  int syncfs(int descriptor);

  /** Locks a file for as long as the descriptor is open. */
  int flock(int descriptor, int operation);

  /** Tells a file's attributes. */
  int statx(int descriptor, byte[] path, int flags, int mask, @Out byte[] answer);

  /** Tells the room on the disk that a file is on. */
  int statvfs(byte[] path, @Out byte[] answer);

  /** The error number of this thread's last failed call. */
  static int lastError() {
    return Runtime.getSystemRuntime().getLastError();
  }
}
