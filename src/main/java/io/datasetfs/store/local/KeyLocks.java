package io.datasetfs.store.local;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Locks over keys that hold between threads and between processes. A key's lock is one of a fixed
 * number of files, which are never removed, so that nobody can hold a lock on a file that is gone.
 *
 * <p>A file lock belongs to the process, and closing any descriptor of the file drops it: inside
 * the process a lock of the JVM, shared by all stores that see the same file, comes first. File
 * locks are polled for: waiting for them in the kernel is reported as a deadlock when threads of
 * two processes cross, and has no end when a holder is stopped.
 */
final class KeyLocks {
  /** The number of lock files. */
  private static final int STRIPES = 64;

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /** By the lock file's device and inode number, which are the same whatever path leads to it. */
  private static final ConcurrentHashMap<Object, ReentrantLock> IN_PROCESS =
      new ConcurrentHashMap<>();

  private final Path root;
  private final Path directory;

  /**
   * @param root the store's root
   * @param directory where the lock files are, directly in the root; made when it is first needed
   */
  KeyLocks(Path root, Path directory) {
    this.root = root;
    this.directory = directory;
  }

  /** What is done under a lock: short, and local. */
  @FunctionalInterface
  interface Action<T> {
    T run() throws IOException;
  }

  /**
   * Does something while holding the key's lock.
   *
   * @throws FsException BUSY when somebody else doesn't let go of the lock, INTERRUPTED
   */
  <T> T holding(String key, Action<T> action) throws IOException {
    // String.hashCode is the same in every process, by its specification
    Path file = directory.resolve(Integer.toString(Math.floorMod(key.hashCode(), STRIPES)));
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    ReentrantLock inProcess =
        IN_PROCESS.computeIfAbsent(identify(file), identity -> new ReentrantLock());
    try {
      if (!inProcess.tryLock(PATIENCE_NANOS, TimeUnit.NANOSECONDS)) {
        throw busy(file);
      }
      try {
        return holdingFile(file, deadline, action);
      } finally {
        inProcess.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FsException(FailureKind.INTERRUPTED, "interrupted while waiting for " + file, e);
    }
  }

  private static <T> T holdingFile(Path file, long deadline, Action<T> action)
      throws IOException, InterruptedException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      long pause = SHORTEST_PAUSE_NANOS;
      while (true) {
        try (FileLock lock = channel.tryLock()) {
          if (lock != null) {
            return action.run();
          }
        }
        if (System.nanoTime() - deadline > 0) {
          throw busy(file);
        }
        TimeUnit.NANOSECONDS.sleep(pause);
        pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
      }
    }
  }

  private Object identify(Path file) throws IOException {
    if (!Files.exists(file)) {
      Directories.make(root, directory);
      try {
        Files.createFile(file);
      } catch (FileAlreadyExistsException e) {
        // somebody else did it
      }
    }
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  private static FsException busy(Path file) {
    return new FsException(
        FailureKind.BUSY,
        file
            + ": another process has held this lock for %d seconds (is it stopped?)"
                .formatted(TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS)));
  }
}
