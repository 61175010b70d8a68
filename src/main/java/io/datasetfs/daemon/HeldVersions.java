package io.datasetfs.daemon;

import io.datasetfs.catalog.Catalog;
import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.catalog.StagedReference;
import io.datasetfs.commit.ImportProgress;
import io.datasetfs.commit.StagedCommit;
import io.datasetfs.fs.SpaceUsage;
import io.datasetfs.fs.StagedVersions;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.UncommittedVersion;
import io.datasetfs.model.VersionId;
import io.datasetfs.staging.Holder;
import io.datasetfs.staging.StagedVersion;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The uncommitted versions that a daemon has taken, from their first use until it ends or they do.
 * Thread-safe; nothing is asked of a provider under its lock.
 */
final class HeldVersions implements StagedVersions, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(HeldVersions.class.getName());

  private static final int BLOCK = 4096;

  /** How long the end of a version's use waits for requests that work on it. */
  private static final long PATIENCE_SECONDS = 30;

  private final Catalog catalog;
  private final NodeAreas areas;
  private final StagedCommit engine;

  private final Users users;
  private final Path directory;

  // All guarded by this.
  private final Map<Key, Held> held = new HashMap<>();
  private final Set<Key> gone = new HashSet<>();
  private final Set<Key> ending = new HashSet<>();
  private boolean closed;

  /** Those whose files have been removed; guards itself, for as long as a removal takes. */
  private final Set<Key> removed = new HashSet<>();

  /** A version's files, and how many requests work on them. */
  private static final class Held {
    final StagedVersion files;
    int users;

    Held(StagedVersion files) {
      this.files = files;
    }
  }

  private record Key(DatasetId dataset, VersionId version) {
    static Key of(StagedReference version) {
      return new Key(version.dataset().id(), version.id());
    }
  }

  /** Those who use the versions' files, on behalf of many processes. */
  interface Users {
    /**
     * Ends the use of a version: waits for what is in progress, and closes what is open.
     *
     * @param force whether to do so although processes have files of it open
     * @return whether it was done
     */
    boolean retire(DatasetId dataset, VersionId version, boolean force);

    /** Calls back once nobody uses a version that has been committed, and nobody will. */
    void whenUnused(DatasetId dataset, VersionId version, Runnable then);
  }

  /**
   * @param engine commits
   * @param users who uses what this opens
   * @param directory where the files are
   */
  HeldVersions(Catalog catalog, NodeAreas areas, StagedCommit engine, Users users, Path directory) {
    this.catalog = catalog;
    this.areas = areas;
    this.engine = engine;
    this.users = users;
    this.directory = directory;
  }

  /** Whether this daemon has the version's files. */
  synchronized boolean isHeld(StagedReference version) {
    return held.containsKey(Key.of(version));
  }

  /**
   * A version's files, taken by this daemon if they were not.
   *
   * @throws FsException as {@link NodeAreas#open}; NOT_FOUND when the version has been committed or
   *     deleted
   */
  synchronized StagedVersion open(StagedReference version) throws FsException {
    return take(version).files;
  }

  private synchronized Held take(StagedReference version) throws FsException {
    Key key = Key.of(version);
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

  private synchronized void requireUncommitted(StagedReference version) throws FsException {
    if (closed || gone.contains(Key.of(version))) {
      throw new FsException(
          FailureKind.NOT_FOUND, version.reference() + " is not uncommitted any more");
    }
  }

  /** Takes a version's files for a request; they are not given back until it leaves them. */
  private synchronized Held enter(StagedReference version) throws FsException {
    Held mine = take(version);
    mine.users++;
    return mine;
  }

  private synchronized void leave(Held mine) {
    mine.users--;
    notifyAll();
  }

  /** Waits until no request works on the files; an interrupt is kept for later. */
  private synchronized boolean awaitUnused(Held mine) {
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

  @Override
  public StagedVersion open(Dataset dataset, UncommittedVersion version) throws FsException {
    return open(new StagedReference(dataset, version));
  }

  @Override
  public SpaceUsage space() {
    try {
      FileStore store = Files.getFileStore(directory);
      return new SpaceUsage(
          BLOCK, store.getTotalSpace() / BLOCK, store.getUsableSpace() / BLOCK, 0);
    } catch (IOException e) {
      return null; // there is no area yet
    }
  }

  /**
   * Gives a version's files back, for another process to take.
   *
   * @throws FsException BUSY when they are in use
   */
  void release(StagedReference version) throws FsException {
    Key key = Key.of(version);
    Held mine = beginEnd(key);
    try {
      if (mine != null) {
        // A commit reads the files until the version is committed.
        mine.files.beginCommit();
        try {
          release(version, mine);
        } finally {
          mine.files.endCommit();
        }
      }
    } finally {
      endEnd(key);
    }
  }

  private void release(StagedReference version, Held mine) throws FsException {
    Key key = Key.of(version);
    boolean unused = awaitUnused(mine);
    requireUncommitted(version);
    if (mine.files.isSealed()) {
      // Another owner would let programs write what that commit does not have.
      throw new FsException(
          FailureKind.BUSY,
          "It is not known whether a commit of %s has ended well (commit it again)"
              .formatted(version.reference()));
    }
    if (!unused || !users.retire(key.dataset(), key.version(), false)) {
      throw new FsException(
          FailureKind.BUSY,
          "Programs use files of %s in the mount (end them)".formatted(version.reference()));
    }
    giveBack(key, mine);
  }

  /**
   * Keeps others from taking a version's files until {@link #endEnd}.
   *
   * @return what this daemon has of it, or {@code null}
   */
  private synchronized Held beginEnd(Key key) throws FsException {
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

  private synchronized void endEnd(Key key) {
    ending.remove(key);
    notifyAll();
  }

  /**
   * Deletes a version, its record first. Who has files of it open gets errors from then on.
   *
   * @throws FsException READ_ONLY when it has been committed; BUSY while it is being committed
   */
  void delete(StagedReference version) throws FsException {
    areas.requireHere(version);
    Key key = Key.of(version);
    Held mine = beginEnd(key);
    try {
      if (mine == null) {
        unstage(version);
      } else {
        mine.files.beginCommit();
        try {
          unstage(version);
        } finally {
          mine.files.endCommit();
        }
      }
    } finally {
      endEnd(key);
    }
  }

  private void unstage(StagedReference version) throws FsException {
    Dataset unused = catalog.unstage(version.dataset(), version.id());
    Key key = markGone(version);
    if (users.retire(key.dataset(), key.version(), true)) {
      remove(key);
    }
  }

  /**
   * Commits a version. Who has files of it open goes on reading them; they are removed when nobody
   * has any longer.
   */
  ResolvedVersion commit(StagedReference version, CommitWish wish, ImportProgress progress)
      throws FsException {
    ResolvedVersion committed;
    Key key;
    Held mine = enter(version);
    try {
      committed =
          engine.run(
              version.dataset(), mine.files, wish.message(), wish.tag(), progress, wish.patience());
      key = markGone(version);
    } finally {
      leave(mine);
    }
    users.whenUnused(key.dataset(), key.version(), () -> remove(key));
    return committed;
  }

  /** Who has files of a version open for writing; nobody where this daemon does not have it. */
  List<Holder> holders(StagedReference version) throws FsException {
    Held mine;
    synchronized (this) {
      mine = held.get(Key.of(version));
      if (mine == null || ending.contains(Key.of(version))) {
        return List.of();
      }
      mine.users++;
    }
    try {
      return mine.files.holders();
    } finally {
      leave(mine);
    }
  }

  private synchronized Key markGone(StagedReference version) {
    Key key = Key.of(version);
    gone.add(key);
    return key;
  }

  /** Removes the files of a version that is gone, unless they have been; one at a time. */
  private void remove(Key key) {
    synchronized (removed) {
      if (removed.contains(key)) {
        return;
      }
      tryGiveBack(key);
      try {
        areas.remove(key.dataset(), key.version());
        removed.add(key);
      } catch (FsException e) {
        LOG.log(
            Level.WARNING,
            "the files of {0}:{1}, which is committed or deleted, cannot be removed: {2}",
            key.dataset(),
            key.version(),
            e.getMessage());
      }
    }
  }

  private void giveBack(Key key, Held mine) throws FsException {
    synchronized (this) {
      held.remove(key, mine);
    }
    mine.files.close();
  }

  /** Gives a version's files back when no request works on them, or leaves them as they are. */
  private void tryGiveBack(Key key) {
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

  /** Gives everything back. Nobody may use anything any longer. */
  @Override
  public void close() {
    Set<Key> all;
    synchronized (this) {
      closed = true;
      all = Set.copyOf(held.keySet());
    }
    all.forEach(this::tryGiveBack);
    // Among them may be one whose commit has only now ended.
    Set<Key> toRemove;
    synchronized (this) {
      toRemove = Set.copyOf(gone);
    }
    toRemove.forEach(this::remove);
  }
}
