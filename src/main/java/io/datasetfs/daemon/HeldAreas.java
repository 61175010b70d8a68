package io.datasetfs.daemon;

import io.datasetfs.catalog.StagedReference;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.staging.StagedVersion;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The files of uncommitted versions that a daemon has taken, how many requests work on them, and
 * which are not to be taken: those that are gone or about to be given back. Thread-safe; nothing is
 * asked of a provider under its lock.
 */
final class HeldAreas {
  private static final System.Logger LOG = System.getLogger(HeldAreas.class.getName());

  /** How long the end of a version's use waits for requests that work on it. */
  private static final long PATIENCE_SECONDS = 30;

  private final NodeAreas areas;

  // All guarded by this.
  private final Map<VersionKey, Held> held = new HashMap<>();
  private final Set<VersionKey> gone = new HashSet<>();
  private final Set<VersionKey> ending = new HashSet<>();
  private boolean closed;

  /** A version's files, and how many requests work on them. */
  static final class Held {
    private final StagedVersion files;
    private int users;

    private Held(StagedVersion files) {
      this.files = files;
    }

    StagedVersion files() {
      return files;
    }
  }

  HeldAreas(NodeAreas areas) {
    this.areas = areas;
  }

  synchronized boolean contains(VersionKey key) {
    return held.containsKey(key);
  }

  /**
   * A version's files, taken if they were not.
   *
   * @throws FsException as {@link NodeAreas#open}; NOT_FOUND when the version has been committed or
   *     deleted; BUSY while it is being given back
   */
  synchronized Held take(StagedReference version) throws FsException {
    VersionKey key = VersionKey.of(version);
    requireUncommitted(version);
    if (ending.contains(key)) {
      throw new FsException(
          FailureKind.BUSY, version.reference() + " is being given back (try again)");
    }
    Held known = held.get(key);
    if (known == null) {
      known = new Held(areas.open(version));
      held.put(key, known);
    }
    return known;
  }

  synchronized void requireUncommitted(StagedReference version) throws FsException {
    if (closed || gone.contains(VersionKey.of(version))) {
      throw new FsException(
          FailureKind.NOT_FOUND, version.reference() + " is not uncommitted any more");
    }
  }

  /** Takes a version's files for a request; they are not given back until it leaves them. */
  synchronized Held enter(StagedReference version) throws FsException {
    Held mine = take(version);
    mine.users++;
    return mine;
  }

  /** Enters files that are there and not about to be given back; else gives {@code null}. */
  synchronized Held enterIfHeld(VersionKey key) {
    Held mine = held.get(key);
    if (mine == null || ending.contains(key)) {
      return null;
    }
    mine.users++;
    return mine;
  }

  synchronized void leave(Held mine) {
    mine.users--;
    notifyAll();
  }

  /** Waits until no request works on the files; an interrupt is kept for later. */
  synchronized boolean awaitUnused(Held mine) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    boolean interrupted = false;
    long left = deadline - System.nanoTime();
    while (mine.users > 0 && left > 0) {
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      left = deadline - System.nanoTime();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return mine.users == 0;
  }

  /**
   * Keeps others from taking a version's files until {@link #endEnd}.
   *
   * @return what this daemon has of it, or {@code null}
   */
  synchronized Held beginEnd(VersionKey key) throws FsException {
    try {
      while (!ending.add(key)) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FsException(FailureKind.INTERRUPTED, "Interrupted", e);
    }
    return held.get(key);
  }

  synchronized void endEnd(VersionKey key) {
    ending.remove(key);
    notifyAll();
  }

  /** A version has been committed or deleted: its files are not to be taken any more. */
  synchronized VersionKey markGone(StagedReference version) {
    VersionKey key = VersionKey.of(version);
    gone.add(key);
    return key;
  }

  /** The versions that have been committed or deleted. */
  synchronized Set<VersionKey> gone() {
    return Set.copyOf(gone);
  }

  void giveBack(VersionKey key, Held mine) throws FsException {
    synchronized (this) {
      held.remove(key, mine);
    }
    mine.files.close();
  }

  /** Gives a version's files back when no request works on them, or leaves them as they are. */
  void tryGiveBack(VersionKey key) {
    Held mine;
    synchronized (this) {
      mine = held.get(key);
    }
    if (mine == null) {
      return;
    }
    if (!awaitUnused(mine)) {
      // The lock goes with the process; what was acknowledged is safe.
      LOG.log(Level.WARNING, "{0}:{1} is still being worked on", key.dataset(), key.version());
      return;
    }
    try {
      giveBack(key, mine);
    } catch (FsException e) {
      LOG.log(
          Level.ERROR,
          "giving back the files of {0}:{1}: {2}",
          key.dataset(),
          key.version(),
          e.getMessage());
    }
  }

  /** Lets nobody take any files any more, and gives back those that there are. */
  void end() {
    Set<VersionKey> all;
    synchronized (this) {
      closed = true;
      all = Set.copyOf(held.keySet());
    }
    all.forEach(this::tryGiveBack);
  }
}
