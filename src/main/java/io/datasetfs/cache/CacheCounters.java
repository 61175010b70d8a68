package io.datasetfs.cache;

import java.util.concurrent.atomic.LongAdder;

/** Counts what a region of the disk cache does. Thread-safe. */
final class CacheCounters {
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder hitBytes = new LongAdder();
  private final LongAdder written = new LongAdder();
  private final LongAdder writtenBytes = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder bad = new LongAdder();
  private final LongAdder evicted = new LongAdder();
  private final LongAdder expired = new LongAdder();

  void hit(int bytes) {
    hits.increment();
    hitBytes.add(bytes);
  }

  void miss() {
    misses.increment();
  }

  void wrote(int bytes) {
    written.increment();
    writtenBytes.add(bytes);
  }

  void dropped() {
    dropped.increment();
  }

  void bad() {
    bad.increment();
  }

  void evicted() {
    evicted.increment();
  }

  void expired() {
    expired.increment();
  }

  DiskCacheStatistics with(CacheIndex index) {
    return new DiskCacheStatistics(
        index.count(),
        index.bytes(),
        index.limit(),
        hits.sum(),
        misses.sum(),
        hitBytes.sum(),
        written.sum(),
        writtenBytes.sum(),
        dropped.sum(),
        bad.sum(),
        evicted.sum(),
        expired.sum());
  }
}
