package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import io.datasetfs.model.Utf8;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** An open local file. Thread-safe; an interrupt of a thread that uses it does it no harm. */
final class NativeFile implements AutoCloseable {
  static final int READ = 0;
  static final int WRITE = 2;
  static final int CREATE = 0100;

  private static final int CLOSE_ON_EXEC = 02000000;
  private static final int PRIVATE = 0600;

  private static final int LOCK_SHARED = 1;
  private static final int LOCK_EXCLUSIVE = 2;
  private static final int LOCK_AT_ONCE = 4;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int STATX_BASIC = 0x7ff;
  private static final int STATX_BYTES = 256;
  private static final int STATX_INODE = 32;
  private static final int STATX_SIZE = 40;
  private static final int STATX_BLOCKS = 48;
  private static final int STATX_MTIME = 112;

  private static final byte[] EMPTY_PATH = new byte[1];
  private static final SystemCalls CALLS = SystemCalls.INSTANCE;

  private final Path path;
  private final int descriptor;

  /** Keeps the descriptor's number from being somebody else's while a call uses it. */
  private final ReadWriteLock open = new ReentrantReadWriteLock();

  private boolean closed;

  private NativeFile(Path path, int descriptor) {
    this.path = path;
    this.descriptor = descriptor;
  }

  /**
   * Opens a file.
   *
   * @param flags {@link #READ} or {@link #WRITE}, with {@link #CREATE} to make it where it is not
   */
  static NativeFile open(Path path, int flags) throws FsException {
    byte[] name = Utf8.encode(path.toString());
    int descriptor =
        CALLS.open(Arrays.copyOf(name, name.length + 1), flags | CLOSE_ON_EXEC, PRIVATE);
    if (descriptor < 0) {
      throw failure(path);
    }
    return new NativeFile(path, descriptor);
  }

  /** Reads up to the limit or the end of the file; advances the position. */
  int read(ByteBuffer target, long offset) throws FsException {
    int total = 0;
    while (target.hasRemaining()) {
      long position = offset + total;
      long count =
          call(() -> CALLS.pread(descriptor, target, target.remaining(), position), target);
      if (count == 0) {
        break;
      }
      total += (int) count;
    }
    return total;
  }

  /** Writes all up to the limit; advances the position by what was written even if it fails. */
  int write(ByteBuffer source, long offset) throws FsException {
    int total = 0;
    while (source.hasRemaining()) {
      long position = offset + total;
      total +=
          (int) call(() -> CALLS.pwrite(descriptor, source, source.remaining(), position), source);
    }
    return total;
  }

  void truncate(long length) throws FsException {
    call(() -> CALLS.ftruncate(descriptor, length), null);
  }

  /** Linux's {@code fallocate}. */
  void allocate(int mode, long offset, long length) throws FsException {
    call(() -> CALLS.fallocate(descriptor, mode, offset, length), null);
  }

  /** The next byte or hole at or behind {@code offset}; fails with NO_DATA where there is none. */
  long seek(SeekMode what, long offset) throws FsException {
    return call(() -> CALLS.lseek(descriptor, offset, what.whence()), null);
  }

  void sync(boolean dataOnly) throws FsException {
    call(() -> dataOnly ? CALLS.fdatasync(descriptor) : CALLS.fsync(descriptor), null);
  }

  /** Makes all that was written to the file's disk safe, whatever file it is in. */
  void syncDisk() throws FsException {
    call(() -> CALLS.syncfs(descriptor), null);
  }

  /**
   * Locks the file against all other openings of it, until it is closed. Unlike the JDK's locks,
   * this one does not go when the same process closes another opening.
   *
   * @param shared whether others may have it so at the same time
   * @return whether it was free
   */
  boolean tryLock(boolean shared) throws FsException {
    int operation = LOCK_AT_ONCE | (shared ? LOCK_SHARED : LOCK_EXCLUSIVE);
    try {
      call(() -> CALLS.flock(descriptor, operation), null);
      return true;
    } catch (FsException e) {
      if (e.kind() == FailureKind.BUSY) {
        return false;
      }
      throw e;
    }
  }

  Stat stat() throws FsException {
    byte[] answer = new byte[STATX_BYTES];
    call(() -> CALLS.statx(descriptor, EMPTY_PATH, AT_EMPTY_PATH, STATX_BASIC, answer), null);
    ByteBuffer fields = ByteBuffer.wrap(answer).order(ByteOrder.nativeOrder());
    return new Stat(
        fields.getLong(STATX_INODE),
        fields.getLong(STATX_SIZE),
        fields.getLong(STATX_BLOCKS),
        Instant.ofEpochSecond(
            fields.getLong(STATX_MTIME), fields.getInt(STATX_MTIME + Long.BYTES)));
  }

  /** A file's number, its length, its units of 512 bytes, and when its content last changed. */
  record Stat(long inode, long size, long blocks, Instant mtime) {}

  private interface Call {
    long run();
  }

  /** Makes a call and advances {@code moved}, if there is one, by its answer. */
  private long call(Call call, ByteBuffer moved) throws FsException {
    open.readLock().lock();
    try {
      if (closed) {
        throw new FsException(FailureKind.BAD_DESCRIPTOR, path.getFileName() + ": closed");
      }
      long answer = call.run();
      if (answer < 0) {
        throw failure(path);
      }
      if (moved != null) {
        moved.position(moved.position() + (int) answer);
      }
      return answer;
    } finally {
      open.readLock().unlock();
    }
  }

  /** That of this thread's last call. */
  static FsException failure(Path path) {
    int error = SystemCalls.lastError();
    FailureKind kind =
        switch (error) {
          case 1, 13 -> FailureKind.ACCESS_DENIED;
          case 2 -> FailureKind.NOT_FOUND;
          case 6 -> FailureKind.NO_DATA;
          case 11 -> FailureKind.BUSY;
          case 17 -> FailureKind.EXISTS;
          case 22 -> FailureKind.INVALID;
          case 23, 24 -> FailureKind.TOO_MANY_OPEN;
          case 27 -> FailureKind.TOO_LARGE;
          case 28, 122 -> FailureKind.NO_SPACE;
          case 30 -> FailureKind.READ_ONLY;
          case 95 -> FailureKind.UNSUPPORTED;
          default -> FailureKind.IO;
        };
    String why =
        switch (kind) {
          case NO_SPACE -> "no space left on the disk (make room there)";
          case TOO_MANY_OPEN -> "too many open files (raise the limit, see 'ulimit -n')";
          case TOO_LARGE -> "larger than the disk's file system takes";
          case NOT_FOUND -> "not found";
          case ACCESS_DENIED -> "permission denied";
          case READ_ONLY -> "the disk is read-only";
          case IO -> "error " + error;
          default -> kind.name();
        };
    return new FsException(kind, Names.printable(path + ": " + why));
  }

  @Override
  public void close() {
    open.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        CALLS.close(descriptor);
      }
    } finally {
      open.writeLock().unlock();
    }
  }
}
