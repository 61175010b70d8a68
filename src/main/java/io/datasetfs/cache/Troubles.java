package io.datasetfs.cache;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * What goes wrong with the cache's disk: told once a kind, and again after it has been well for a
 * while. After a write that failed there is no other one for some time. Thread-safe; its own lock
 * guards the kinds that have been told.
 */
final class Troubles {
  private static final Logger LOG = System.getLogger(DiskCache.class.getName());
  private static final int QUIET = 4;

  private final long retryNanos;
  private final Map<FailureKind, Long> told = new EnumMap<>(FailureKind.class);
  private volatile boolean paused;
  private volatile long pausedAt;

  /**
   * @param retryAfter how long nothing is written after a failure
   */
  Troubles(Duration retryAfter) {
    this.retryNanos = retryAfter.toNanos();
  }

  /** A read that failed, or found what should not be there. */
  void reading(Path file, IOException cause) {
    FsException failure = FsException.from(file.toString(), cause);
    tell(failure, "cannot be read from and is done without");
  }

  /** A write that failed. */
  void writing(FsException failure) {
    pausedAt = System.nanoTime();
    paused = true;
    tell(failure, "cannot be written to and takes no more for now");
  }

  private void tell(FsException failure, String consequence) {
    boolean news;
    synchronized (this) {
      news = told.put(failure.kind(), System.nanoTime()) == null;
    }
    LOG.log(
        news ? Level.WARNING : Level.DEBUG,
        () -> "The disk cache " + consequence + ": " + failure.getMessage());
    LOG.log(Level.DEBUG, "The failure was", failure);
  }

  /** Whether it is time to write, as far as failures before go. */
  boolean mayWrite() {
    return !paused || System.nanoTime() - pausedAt >= retryNanos;
  }

  /** Something was written. */
  void wrote() {
    if (paused) {
      paused = false;
      LOG.log(Level.INFO, "The disk cache is written to again");
    }
  }

  /** Forgets what has not happened for a while, so that it is told when it comes again. */
  synchronized void settle() {
    long now = System.nanoTime();
    told.values().removeIf(last -> now - last > QUIET * retryNanos);
  }
}
