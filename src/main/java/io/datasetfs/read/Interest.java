package io.datasetfs.read;

import io.datasetfs.read.fetch.Wish;

/**
 * Somebody's wish to have blocks soon. Once it is withdrawn, what has been asked for under it alone
 * and is not there yet need not come. Thread-safe.
 */
public final class Interest implements Wish, AutoCloseable {
  private volatile boolean withdrawn;

  /** Whether nobody waits any more. */
  @Override
  public boolean isWithdrawn() {
    return withdrawn;
  }

  /** Withdraws it. */
  @Override
  public void close() {
    withdrawn = true;
  }
}
