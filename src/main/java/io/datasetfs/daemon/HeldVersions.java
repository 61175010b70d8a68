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
import io.datasetfs.staging.StagedVersion;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The uncommitted versions that a daemon has taken, from their first use until it ends or they do.
 * Thread-safe; nothing is asked of a provider under its lock.
 */
final class HeldVersions implements StagedVersions, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(HeldVersions.class.getName());

  private static final int BLOCK = 4096;

  private final Catalog catalog;
  private final NodeAreas areas;
  private final StagedCommit engine;

  private final Users users;
  private final Path directory;

  // All guarded by this.
  private final Map<Key, StagedVersion> held = new HashMap<>();
  private final Set<Key> gone = new HashSet<>();
  private final Set<Key> released = new HashSet<>();
  private boolean closed;

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
    Key key = Key.of(version);
    if (closed || gone.contains(key)) {
      throw new FsException(
          FailureKind.NOT_FOUND, version.reference() + " is not uncommitted any more");
    }
    if (released.contains(key)) {
      throw new FsException(
          FailureKind.BUSY, version.reference() + " is being given back (try again)");
    }
    StagedVersion known = held.get(key);
    if (known == null) {
      known = areas.open(version);
      held.put(key, known);
    }
    return known;
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
    synchronized (this) {
      released.add(key);
    }
    try {
      if (!users.retire(key.dataset(), key.version(), false)) {
        throw new FsException(
            FailureKind.BUSY,
            "Programs use files of %s in the mount (end them)".formatted(version.reference()));
      }
      giveBack(key);
    } finally {
      synchronized (this) {
        released.remove(key);
      }
    }
  }

  /**
   * Deletes a version, its record first. Who has files of it open gets errors from then on.
   *
   * @throws FsException READ_ONLY when it has been committed
   */
  void delete(StagedReference version) throws FsException {
    areas.requireHere(version);
    Dataset unused = catalog.unstage(version.dataset(), version.id());
    Key key = markGone(version);
    boolean ended = users.retire(key.dataset(), key.version(), true);
    if (ended) {
      giveBack(key);
      areas.remove(key.dataset(), key.version());
    }
  }

  /**
   * Commits a version. Who has files of it open goes on reading them; they are removed when nobody
   * has any longer.
   */
  ResolvedVersion commit(StagedReference version, CommitWish wish, ImportProgress progress)
      throws FsException {
    ResolvedVersion committed =
        engine.run(
            version.dataset(),
            open(version),
            wish.message(),
            wish.tag(),
            progress,
            wish.patience());
    Key key = markGone(version);
    users.whenUnused(key.dataset(), key.version(), () -> remove(key));
    return committed;
  }

  private synchronized Key markGone(StagedReference version) {
    Key key = Key.of(version);
    gone.add(key);
    return key;
  }

  private void remove(Key key) {
    try {
      giveBack(key);
      areas.remove(key.dataset(), key.version());
    } catch (FsException e) {
      LOG.log(
          Level.WARNING,
          "the files of {0}:{1}, which is committed or deleted, cannot be removed: {2}",
          key.dataset(),
          key.version(),
          e.getMessage());
    }
  }

  private void giveBack(Key key) throws FsException {
    StagedVersion files;
    synchronized (this) {
      files = held.remove(key);
    }
    if (files != null) {
      files.close();
    }
  }

  /** Gives everything back. Nobody may use anything any longer. */
  @Override
  public void close() {
    Set<Key> all;
    Set<Key> toRemove;
    synchronized (this) {
      closed = true;
      all = Set.copyOf(held.keySet());
      toRemove = Set.copyOf(gone);
    }
    for (Key key : all) {
      try {
        giveBack(key);
      } catch (FsException e) {
        LOG.log(
            Level.ERROR,
            "giving back the files of {0}:{1}: {2}",
            key.dataset(),
            key.version(),
            e.getMessage());
      }
    }
    toRemove.forEach(this::remove);
  }
}
