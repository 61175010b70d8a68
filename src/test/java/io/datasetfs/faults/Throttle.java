package io.datasetfs.faults;

import java.util.concurrent.TimeUnit;

/** A bandwidth that all connections share. */
final class Throttle {
  private static final long SLACK_NANOS = 5_000_000;

  private double nanosPerByte;
  private long free = Long.MIN_VALUE;

  /**
   * @param bytesPerSecond 0 for no limit
   */
  synchronized void limit(long bytesPerSecond) {
    nanosPerByte = bytesPerSecond == 0 ? 0 : 1e9 / bytesPerSecond;
    free = System.nanoTime();
  }

  /** Waits until so many bytes may pass. */
  void pass(int bytes) throws InterruptedException {
    long wait;
    synchronized (this) {
      if (nanosPerByte == 0) {
        return;
      }
      long now = System.nanoTime();
      // A thread that was woken late may catch up a little, so that the rate is kept on average.
      long start = Math.max(free, now - SLACK_NANOS);
      free = start + (long) (bytes * nanosPerByte);
      wait = free - now;
    }
    if (wait > 0) {
      TimeUnit.NANOSECONDS.sleep(wait);
    }
  }
}
