package io.datasetfs.cache;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * What can be chosen about a disk cache.
 *
 * @param directory where it is; made when missing
 * @param size bound of what it takes of the disk, tree pages included
 * @param ttl how long a block stays that nobody uses
 * @param keepFree bytes that stay free on the disk always
 * @param queueBytes bound of the blocks that wait to be written, in memory
 * @param retryAfter how long it does without a disk that fails
 */
public record DiskCacheSettings(
    Path directory,
    CacheSize size,
    Duration ttl,
    long keepFree,
    long queueBytes,
    Duration retryAfter) {
  /** How long a block stays that nobody uses, where nothing is said. */
  public static final Duration DEFAULT_TTL = Duration.ofDays(14);

  /** How much of the disk stays free always, where nothing is said: 1 GiB. */
  public static final long DEFAULT_KEEP_FREE = 1L << 30;

  private static final long QUEUE_BYTES = 32 << 20;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(15);

  /** Requires all, and more than nothing of times and queue. */
  public DiskCacheSettings {
    Objects.requireNonNull(directory);
    Objects.requireNonNull(size);
    if (ttl.isNegative() || ttl.isZero() || retryAfter.isNegative() || retryAfter.isZero()) {
      throw new IllegalArgumentException("no time");
    }
    if (keepFree < 0 || queueBytes <= 0) {
      throw new IllegalArgumentException("negative bytes");
    }
  }

  /** What is usual, in a directory. */
  public static DiskCacheSettings of(Path directory) {
    return of(directory, CacheSize.DEFAULT, DEFAULT_TTL);
  }

  /** What is usual but for what users choose. */
  public static DiskCacheSettings of(Path directory, CacheSize size, Duration ttl) {
    return new DiskCacheSettings(directory, size, ttl, DEFAULT_KEEP_FREE, QUEUE_BYTES, RETRY_AFTER);
  }

  /** That much before a time, but not before 1970: nobody has used anything since. */
  public static Instant before(Instant time, Duration ttl) {
    boolean ancient = ttl.compareTo(Duration.between(Instant.EPOCH, time)) > 0;
    return ancient ? Instant.EPOCH : time.minus(ttl);
  }
}
