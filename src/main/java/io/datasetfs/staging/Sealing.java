package io.datasetfs.staging;

import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * The way to a sealed version. Waits for those who write while everything else goes on; only when
 * all who were found to write have ended are new ones refused for a moment, so that programs that
 * always have some file open do not keep a commit off for ever.
 */
final class Sealing {
  private static final long POLL_MILLIS = 10;
  private static final Duration DRAINING = Duration.ofSeconds(1);

  private final Metadata metadata;
  private final OpenInodes open;
  private final Seal seal;

  Sealing(Metadata metadata, OpenInodes open, Seal seal) {
    this.metadata = metadata;
    this.open = open;
    this.seal = seal;
  }

  /** Seals once nobody writes; gives whether that was so within {@code wait}. */
  boolean run(Duration wait) throws InterruptedException {
    long deadline = System.nanoTime() + wait.toNanos();
    boolean sealed = sealIfUnused();
    while (!sealed) {
      if (!awaitWriters(deadline)) {
        return false;
      }
      sealed = drain(deadline);
    }
    return true;
  }

  /** Waits for the writers that there are now. */
  private boolean awaitWriters(long deadline) throws InterruptedException {
    Set<OpenInodes.Writer> waitedFor = Collections.newSetFromMap(new IdentityHashMap<>());
    waitedFor.addAll(open.writersNow());
    while (open.writersNow().stream().anyMatch(waitedFor::contains)) {
      if (System.nanoTime() - deadline >= 0) {
        return false;
      }
      Thread.sleep(POLL_MILLIS);
    }
    return true;
  }

  private boolean drain(long deadline) throws InterruptedException {
    set(Seal.State.DRAINING);
    long now = System.nanoTime();
    long end = now + Math.min(DRAINING.toNanos(), deadline - now);
    while (!sealIfUnused()) {
      if (System.nanoTime() - end >= 0) {
        set(Seal.State.OPEN);
        return false;
      }
      Thread.sleep(POLL_MILLIS);
    }
    return true;
  }

  private boolean sealIfUnused() {
    metadata.lock().lock();
    try {
      boolean unused = open.writers().isEmpty();
      if (unused) {
        seal.set(Seal.State.SEALED);
      }
      return unused;
    } finally {
      metadata.lock().unlock();
    }
  }

  /** Lets all changes be made, or not. */
  void set(Seal.State state) {
    metadata.lock().lock();
    try {
      seal.set(state);
    } finally {
      metadata.lock().unlock();
    }
  }
}
