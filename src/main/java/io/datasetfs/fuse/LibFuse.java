package io.datasetfs.fuse;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import jnr.ffi.LibraryLoader;
import jnr.ffi.types.size_t;
import jnr.ffi.types.u_int64_t;

/**
 * The functions of libfuse 2.9 that a mount needs. Pointers are plain addresses; 0 is NULL. Its
 * {@code fuse_setup} is left alone: it installs signal handlers that fight those of the JVM. {@code
 * fuse_new} is {@linkplain FuseNew a case of its own}.
 */
public interface LibFuse {
  /** The library's file. */
  String NAME = "libfuse.so.2";

  /** Mounts; answers the channel, or 0 after having written the reason to standard error. */
  long fuse_mount(byte[] mountpoint, long args);

  /** The session of a file system. */
  long fuse_get_session(long fuse);

  /** The size that a request buffer must have. */
  @size_t
  long fuse_chan_bufsize(long channel);

  /**
   * Receives one request into a {@code struct fuse_buf}.
   *
   * @return its length, 0 when the session has ended, or a negated errno
   */
  int fuse_session_receive_buf(long session, long buffer, long channelPointer);

  /** Answers a request: the upcalls happen in here, on the calling thread. */
  void fuse_session_process_buf(long session, long buffer, long channel);

  /** Unmounts what is still mounted and frees the channel. */
  void fuse_unmount(byte[] mountpoint, long channel);

  /** Frees the file system and its session. */
  void fuse_destroy(long fuse);

  /** Frees what parsing made of an argument list. */
  void fuse_opt_free_args(long args);

  /** Tells the kernel to forget a name; answers 0 or a negated errno. */
  int fuse_lowlevel_notify_inval_entry(
      long channel, @u_int64_t long parent, byte[] name, @size_t long nameLength);

  /**
   * Loads the library.
   *
   * @throws FsException UNSUPPORTED when it is not installed
   */
  static LibFuse load() throws FsException {
    try {
      return LibraryLoader.create(LibFuse.class).failImmediately().load(NAME);
    } catch (LinkageError e) {
      throw new FsException(
          FailureKind.UNSUPPORTED,
          "libfuse 2 (libfuse.so.2) is not installed; install the Debian packages libfuse2 "
              + "(since Debian 13: libfuse2t64) and fuse3",
          e);
    }
  }
}
