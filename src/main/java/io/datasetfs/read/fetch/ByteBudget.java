package io.datasetfs.read.fetch;

/** Bounds the bytes that are under way, over all stores. Thread-safe. */
final class ByteBudget {
  private final long most;

  /** Guarded by this. */
  private long taken;

  ByteBudget(long most) {
    this.most = most;
  }

  /**
   * What a request may take now.
   *
   * @param share 1 for all that is free; 2 leaves half of everything free, and so on
   */
  synchronized long free(double share) {
    return taken == 0 ? Long.MAX_VALUE : (long) (most * share) - taken;
  }

  /** Takes bytes, whether they are free or not. */
  synchronized void take(long bytes) {
    taken += bytes;
  }

  synchronized void give(long bytes) {
    taken -= bytes;
  }

  synchronized long taken() {
    return taken;
  }
}
