package io.datasetfs.cache;

import java.io.File;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is free on the cache's disk. Asked of the system once a second at most; what is written in
 * between is counted. Thread-safe.
 */
final class FreeSpace {
  private static final long LOOK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final File directory;
  private final long keepFree;
  private final AtomicLong free = new AtomicLong();
  private volatile long lookedAt;

  /**
   * @param keepFree bytes that are nobody's to take
   */
  FreeSpace(Path directory, long keepFree) {
    this.directory = directory.toFile();
    this.keepFree = keepFree;
    look();
  }

  /** The disk's bytes in all; 0 while it is not there. */
  long total() {
    return directory.getTotalSpace();
  }

  /** What may be taken; negative when more is taken than should be. */
  long look() {
    lookedAt = System.nanoTime();
    // A missing directory has no disk; the attempt to write will say what is wrong.
    free.set(total() == 0 ? Long.MAX_VALUE : directory.getUsableSpace() - keepFree);
    return free.get();
  }

  /** Takes room for a file, if there is any. */
  boolean take(long bytes) {
    if (System.nanoTime() - lookedAt > LOOK_EVERY_NANOS || free.get() < bytes) {
      look();
    }
    return free.getAndAdd(-bytes) >= bytes;
  }
}
