package io.datasetfs.fuse;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/** The few system calls that the JDK does not offer, or not with their error numbers. */
public interface LibC {
  /** The C library. */
  LibC INSTANCE = LibraryLoader.create(LibC.class).load("c");

  /** Unmount without waiting for users. */
  int MNT_FORCE = 1;

  /** Take the mount out of the tree now, let it go when the last user does. */
  int MNT_DETACH = 2;

  /** Do not follow a symbolic link. */
  int UMOUNT_NOFOLLOW = 8;

  /** Unmounts. */
  int umount2(byte[] path, int flags);

  /** Reads an extended attribute; the path and the name end with a 0 byte. */
  @ssize_t
  long lgetxattr(byte[] path, byte[] name, byte[] value, @size_t long size);

  /** Sends a signal; 0 sends none, and tells whether there is such a process or thread. */
  int kill(int process, int signal);

  /** The effective user. */
  int geteuid();

  /** The effective group. */
  int getegid();

  /** The error number of this thread's last failed call. */
  static int lastError() {
    return Runtime.getSystemRuntime().getLastError();
  }
}
