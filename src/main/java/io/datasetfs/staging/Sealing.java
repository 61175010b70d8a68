package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The way to a sealed version. Waits for those who write while everything else goes on; only when
 * all who were found to write have ended do new ones wait for a moment, so that programs that take
 * turns do not keep a commit off for ever. One that opens its next file before it closes the last
 * one does: it is named, like any other that never ends.
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

  /** As {@link StagedVersion#seal}. */
  void run(Duration wait) throws FsException {
    try {
      if (!awaitSealed(wait)) {
        throw busy();
      }
      metadata.flush();
    } catch (InterruptedException e) {
      set(Seal.State.OPEN);
      Thread.currentThread().interrupt();
      throw new FsException(FailureKind.INTERRUPTED, "Interrupted", e);
    } catch (FsException | RuntimeException | Error e) {
      set(Seal.State.OPEN);
      throw e;
    }
  }

  private FsException busy() throws FsException {
    List<Holder> holders = holders();
    if (holders.isEmpty()) {
      return new FsException(FailureKind.BUSY, "The version was in use (try again)");
    }
    return new FsException(
        FailureKind.BUSY,
        "Open for writing: %s (close them, or wait longer)".formatted(HolderNames.of(holders)));
  }

  /** Who has files open for writing. */
  List<Holder> holders() throws FsException {
    List<OpenInodes.Writer> writers = open.writersNow();
    List<Holder> holders = new ArrayList<>();
    if (!writers.isEmpty()) {
      metadata.flush();
      Map<Long, String> paths =
          new InodePaths(metadata)
              .of(writers.stream().map(w -> w.inode().number()).collect(Collectors.toSet()));
      for (OpenInodes.Writer writer : writers) {
        holders.add(new Holder(Processes.of(writer.process()), paths.get(writer.inode().number())));
      }
    }
    return holders;
  }

  /** Seals once nobody writes; gives whether that was so within {@code wait}. */
  private boolean awaitSealed(Duration wait) throws InterruptedException {
    long deadline = System.nanoTime() + wait.toNanos();
    boolean sealed = sealIfUnused();
    while (!sealed && awaitWriters(deadline)) {
      // As long a time without: nobody is to wait most of the time.
      sealed = drain(deadline) || sealWithin(DRAINING, deadline);
    }
    return sealed;
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
    boolean sealed = sealWithin(DRAINING, deadline);
    if (!sealed) {
      set(Seal.State.OPEN);
    }
    return sealed;
  }

  /** Seals at the first moment at which nobody writes. */
  private boolean sealWithin(Duration time, long deadline) throws InterruptedException {
    long now = System.nanoTime();
    long end = now + Math.min(time.toNanos(), deadline - now);
    boolean sealed = sealIfUnused();
    while (!sealed && System.nanoTime() - end < 0) {
      Thread.sleep(POLL_MILLIS);
      sealed = sealIfUnused();
    }
    return sealed;
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
