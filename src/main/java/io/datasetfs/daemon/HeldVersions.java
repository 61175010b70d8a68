package io.datasetfs.daemon;

import io.datasetfs.catalog.Catalog;
import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.catalog.StagedReference;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.VersionId;
import io.datasetfs.staging.StagedVersion;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The uncommitted versions that a daemon has taken, from their first use until it ends or they do.
 * Thread-safe; nothing is asked of a provider under its lock.
 */
final class HeldVersions implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(HeldVersions.class.getName());

  private final Catalog catalog;
  private final NodeAreas areas;
  private final CommitEngine engine;

  // All guarded by this.
  private final Map<Key, StagedVersion> held = new HashMap<>();
  private final Set<Key> ending = new HashSet<>();
  private Users users;
  private boolean closed;

  private record Key(DatasetId dataset, VersionId version) {
    static Key of(StagedReference version) {
      return new Key(version.dataset().id(), version.id());
    }
  }

  /** Those who use held versions, each on behalf of many processes. */
  interface Users {
    /**
     * Ends the use of a version: waits for what is in progress, and closes what is open.
     *
     * @param force whether to do so although processes have files of it open
     * @return whether it was done
     */
    boolean retire(DatasetId dataset, VersionId version, boolean force) throws FsException;

    /** Calls back once nobody has anything of the version open. */
    void whenUnused(DatasetId dataset, VersionId version, Runnable then);
  }

  HeldVersions(Catalog catalog, NodeAreas areas, CommitEngine engine) {
    this.catalog = catalog;
    this.areas = areas;
    this.engine = engine;
  }

  /** Says who uses the versions. To be called before the first is opened. */
  synchronized void servedBy(Users newUsers) {
    users = newUsers;
  }

  private synchronized Users users() {
    return users;
  }

  /** Whether this node has the version's files. */
  boolean isHere(StagedReference version) {
    return areas.isHere(version);
  }

  /** Whether this daemon has the version's files. */
  synchronized boolean isHeld(StagedReference version) {
    return held.containsKey(Key.of(version));
  }

  /**
   * A version's files, taken by this daemon if they were not.
   *
   * @throws FsException as {@link NodeAreas#open}; NOT_FOUND when the version is about to go
   */
  synchronized StagedVersion open(StagedReference version) throws FsException {
    Key key = Key.of(version);
    StagedVersion known = held.get(key);
    if (closed || ending.contains(key)) {
      throw new FsException(FailureKind.NOT_FOUND, version.reference() + ": is gone");
    }
    if (known == null) {
      known = areas.open(version);
      held.put(key, known);
    }
    return known;
  }

  /**
   * Gives a version's files back, for another process to take.
   *
   * @throws FsException BUSY when they are in use
   */
  void release(StagedReference version) throws FsException {
    end(version, false);
  }

  /**
   * Deletes a version. Who uses its files gets errors from then on.
   *
   * @throws FsException READ_ONLY when it has been committed
   */
  void delete(StagedReference version) throws FsException {
    areas.requireHere(version);
    Dataset unused = catalog.unstage(version.dataset(), version.id());
    end(version, true);
    areas.remove(version.dataset().id(), version.id());
  }

  private void end(StagedReference version, boolean force) throws FsException {
    Key key = Key.of(version);
    synchronized (this) {
      if (!held.containsKey(key)) {
        return;
      }
      if (!ending.add(key)) {
        throw new FsException(
            FailureKind.BUSY, version.reference() + " is being committed or deleted (try again)");
      }
    }
    try {
      if (!users().retire(key.dataset(), key.version(), force)) {
        throw new FsException(
            FailureKind.BUSY,
            "Files of %s are open in the mount (close them)".formatted(version.reference()));
      }
      close(key);
    } finally {
      synchronized (this) {
        ending.remove(key);
      }
    }
  }

  private void close(Key key) throws FsException {
    StagedVersion files;
    synchronized (this) {
      files = held.remove(key);
    }
    if (files != null) {
      files.close();
    }
  }

  /**
   * Commits a version. Who has files of it open goes on reading them; they are removed when nobody
   * has any longer.
   */
  ResolvedVersion commit(
      StagedReference version, CommitEngine.Wish wish, CommitEngine.Progress progress)
      throws FsException {
    ResolvedVersion committed = engine.run(version.dataset(), open(version), wish, progress);
    Key key = Key.of(version);
    users().whenUnused(key.dataset(), key.version(), () -> discard(key));
    return committed;
  }

  private void discard(Key key) {
    try {
      close(key);
      areas.remove(key.dataset(), key.version());
    } catch (FsException e) {
      LOG.log(
          Level.WARNING,
          "the files of {0}:{1}, which is committed, cannot be removed: {2}",
          key.dataset(),
          key.version(),
          e.getMessage());
    }
  }

  /** Gives everything back. Nobody may use anything any longer. */
  @Override
  public void close() {
    List<Key> all;
    synchronized (this) {
      closed = true;
      all = new ArrayList<>(held.keySet());
    }
    for (Key key : all) {
      try {
        close(key);
      } catch (FsException e) {
        LOG.log(
            Level.ERROR,
            "giving back the files of {0}:{1}: {2}",
            key.dataset(),
            key.version(),
            e.getMessage());
      }
    }
  }
}
