package io.datasetfs.read.fetch;

import java.time.Duration;

/**
 * How blocks are fetched.
 *
 * @param deadline how long a reader waits for a block before it is told that there is none; a year
 *     at most, which can be counted in nanoseconds
 * @param parallel how many requests to a store may be under way at first
 * @param mostParallel how many they may ever be
 * @param bytesInFlight bound of the bytes that are being fetched and decoded, over all stores; a
 *     single request may exceed it
 */
public record FetchSettings(Duration deadline, int parallel, int mostParallel, long bytesInFlight) {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final Duration LONGEST = Duration.ofDays(365);
  private static final int PARALLEL = 8;
  private static final int MOST_PARALLEL = 64;
  private static final long BYTES = 64L << 20;
  private static final int HEAP_SHARE = 4;

  /** Refuses what could not work with {@link IllegalArgumentException}. */
  public FetchSettings {
    if (deadline.isNegative() || deadline.isZero() || parallel < 1 || mostParallel < parallel) {
      throw new IllegalArgumentException("cannot fetch with " + deadline + ", " + parallel);
    }
    deadline = deadline.compareTo(LONGEST) > 0 ? LONGEST : deadline;
  }

  /** A minute, 8 to 64 requests, 64 MiB where they are less than a quarter of the heap. */
  public static FetchSettings defaults() {
    long share = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
    return new FetchSettings(DEADLINE, PARALLEL, MOST_PARALLEL, Math.min(BYTES, share));
  }

  /** The same with another deadline. */
  public FetchSettings withDeadline(Duration other) {
    return new FetchSettings(other, parallel, mostParallel, bytesInFlight);
  }

  /** The same with other bounds of requests. */
  public FetchSettings withParallel(int first, int most) {
    return new FetchSettings(deadline, first, most, bytesInFlight);
  }

  /** The same with another bound of bytes. */
  public FetchSettings withBytesInFlight(long bytes) {
    return new FetchSettings(deadline, parallel, mostParallel, bytes);
  }
}
