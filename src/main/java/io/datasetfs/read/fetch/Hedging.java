package io.datasetfs.read.fetch;

import java.util.Arrays;

/**
 * Decides when a request takes so much longer than what is usual that a second one is worth its
 * cost. Guarded by the lock of the store's queue.
 */
final class Hedging {
  /** So many times what nearly all requests take. */
  private static final int TIMES = 3;

  private static final int PERCENTILE = 95;
  private static final int REMEMBERED = 128;

  /** Fewer than these tell nothing. */
  private static final int FEWEST = 8;

  /** Extra requests for each ordinary one, and how many of them may be saved up. */
  private static final double SHARE = 0.03;

  private static final double MOST_SAVED = 4;

  private final long least;
  private final long[] recent = new long[REMEMBERED];
  private int count;
  private int next;
  private long usual;
  private double saved = 1;

  /**
   * @param least nanoseconds that any request may take
   */
  Hedging(long least) {
    this.least = least;
  }

  /** Notes what a request took, in nanoseconds. */
  void completed(long took) {
    recent[next] = took;
    next = (next + 1) % REMEMBERED;
    count = Math.min(count + 1, REMEMBERED);
    saved = Math.min(MOST_SAVED, saved + SHARE);
    if (next % FEWEST == 0) {
      long[] sorted = Arrays.copyOf(recent, count);
      Arrays.sort(sorted);
      usual = sorted[(count - 1) * PERCENTILE / 100];
    }
  }

  /** Whether a request that has taken so many nanoseconds is worth a second one. */
  boolean pays(long taken) {
    return count >= FEWEST && saved >= 1 && taken >= Math.max(least, TIMES * usual);
  }

  /** Notes that there is a second one. */
  void hedged() {
    saved -= 1;
  }
}
