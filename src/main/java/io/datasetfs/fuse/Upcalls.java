package io.datasetfs.fuse;

import jnr.ffi.annotations.Delegate;
import jnr.ffi.types.off_t;
import jnr.ffi.types.size_t;

/**
 * The signatures that libfuse calls. All pointers are plain addresses: jnr-fuse's own callbacks get
 * their paths as strings in the JVM's default charset, from which a name that is not valid UTF-8
 * could not be told from one that is.
 */
final class Upcalls {
  private Upcalls() {}

  /** An operation on a path with one pointer or number: getattr, open, mkdir, symlink. */
  @FunctionalInterface
  public interface Path2 {
    /** Answers 0 or a negated errno. */
    @Delegate
    int invoke(long path, long argument);
  }

  /** An operation on a path alone: unlink, rmdir. */
  @FunctionalInterface
  public interface Path1 {
    /** Answers 0 or a negated errno. */
    @Delegate
    int invoke(long path);
  }

  /** An operation on a path with two 32-bit numbers: chown, access. */
  @FunctionalInterface
  public interface PathInts {
    /** Answers 0 or a negated errno. */
    @Delegate
    int invoke(long path, int first, int second);
  }

  /** readlink, listxattr. */
  @FunctionalInterface
  public interface PathBuffer {
    /** Answers a length, 0 or a negated errno. */
    @Delegate
    int invoke(long path, long buffer, @size_t long size);
  }

  /** getxattr. */
  @FunctionalInterface
  public interface GetAttribute {
    /** Answers a length or a negated errno. */
    @Delegate
    int invoke(long path, long name, long buffer, @size_t long size);
  }

  /** setxattr. */
  @FunctionalInterface
  public interface SetAttribute {
    /** Answers 0 or a negated errno. */
    @Delegate
    int invoke(long path, long name, long value, @size_t long size, int flags);
  }

  /** read, write. */
  @FunctionalInterface
  public interface Read {
    /** Answers a length or a negated errno. */
    @Delegate
    int invoke(long path, long buffer, @size_t long size, @off_t long offset, long fileInfo);
  }

  /** readdir. */
  @FunctionalInterface
  public interface ReadDirectory {
    /** Answers 0 or a negated errno. */
    @Delegate
    int invoke(long path, long buffer, long filler, @off_t long offset, long fileInfo);
  }

  /** truncate. */
  @FunctionalInterface
  public interface PathSize {
    /** Answers 0 or a negated errno. */
    @Delegate
    int invoke(long path, @off_t long size);
  }

  /** ftruncate. */
  @FunctionalInterface
  public interface FileSize {
    /** Answers 0 or a negated errno. */
    @Delegate
    int invoke(long path, @off_t long size, long fileInfo);
  }

  /** fgetattr. */
  @FunctionalInterface
  public interface PathStatFile {
    /** Answers 0 or a negated errno. */
    @Delegate
    int invoke(long path, long stat, long fileInfo);
  }

  /** fsync, fsyncdir. */
  @FunctionalInterface
  public interface Sync {
    /** Answers 0 or a negated errno. */
    @Delegate
    int invoke(long path, int dataOnly, long fileInfo);
  }

  /** fallocate. */
  @FunctionalInterface
  public interface Allocate {
    /** Answers 0 or a negated errno. */
    @Delegate
    int invoke(long path, int flags, @off_t long offset, @off_t long length, long fileInfo);
  }

  /** mknod. */
  @FunctionalInterface
  public interface MakeNode {
    /** Answers 0 or a negated errno. */
    @Delegate
    int invoke(long path, int mode, long device);
  }

  /** mkdir, chmod. */
  @FunctionalInterface
  public interface PathMode {
    /** Answers 0 or a negated errno. */
    @Delegate
    int invoke(long path, int mode);
  }
}
