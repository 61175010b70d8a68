package io.datasetfs.fuse;

import java.time.Instant;

/** Times of files as programs may set them. */
public final class Timestamps {
  // What ext4 keeps, EXT4_TIMESTAMP_MIN and EXT4_EXTRA_TIMESTAMP_MAX; others become the nearest.
  private static final long FIRST_SECOND = Integer.MIN_VALUE;
  private static final long LAST_SECOND = (1L << 34) - 1 + Integer.MIN_VALUE;

  private Timestamps() {}

  /**
   * A time that a program sets: from 1901 to 2446, and the nearest for one beyond.
   *
   * @param seconds since the epoch
   * @param nanos 0 to 999,999,999
   */
  public static Instant of(long seconds, long nanos) {
    long nearest = Math.max(FIRST_SECOND, Math.min(seconds, LAST_SECOND));
    return Instant.ofEpochSecond(nearest, nearest == seconds ? nanos : 0);
  }
}
