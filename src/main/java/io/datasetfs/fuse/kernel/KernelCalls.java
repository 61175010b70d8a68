package io.datasetfs.fuse.kernel;

import jnr.ffi.LibraryLoader;

/** The system calls of this transport. Pointers are plain addresses. */
public interface KernelCalls {
  /** The C library. */
  KernelCalls INSTANCE = LibraryLoader.create(KernelCalls.class).load("c");

  /** Opens a file; answers a descriptor or -1. */
  int open(byte[] path, int flags);

  /** Closes a descriptor. */
  int close(int descriptor);

  /** Reads to an address; answers a length or -1. */
  long read(int descriptor, long memory, long length);

  /** Writes from an address; answers a length or -1. */
  long write(int descriptor, long memory, long length);

  /** Mounts; answers 0 or -1. */
  int mount(byte[] source, byte[] target, byte[] type, long flags, byte[] data);

  /** Makes two sockets that are connected to each other. */
  int socketpair(int domain, int type, int protocol, int[] sockets);

  /** Makes a pipe. */
  int pipe(int[] ends);

  /** Receives a {@code struct msghdr}; answers a length or -1. */
  long recvmsg(int socket, long message, int flags);

  /** Begins a list of what a new process does with its descriptors. */
  int posix_spawn_file_actions_init(long actions);

  /** Gives a new process a descriptor under another number. */
  int posix_spawn_file_actions_adddup2(long actions, int descriptor, int number);

  /** Frees a list of actions. */
  int posix_spawn_file_actions_destroy(long actions);

  /** Waits for the end of a process. */
  int waitpid(int process, int[] status, int options);
}
