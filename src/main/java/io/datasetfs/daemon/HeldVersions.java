package io.datasetfs.daemon;

import io.datasetfs.catalog.Catalog;
import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.catalog.StagedReference;
import io.datasetfs.commit.ImportProgress;
import io.datasetfs.commit.StagedCommit;
import io.datasetfs.daemon.HeldAreas.Held;
import io.datasetfs.fs.SpaceUsage;
import io.datasetfs.fs.StagedVersions;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.UncommittedVersion;
import io.datasetfs.model.VersionId;
import io.datasetfs.staging.DiskSpace;
import io.datasetfs.staging.Holder;
import io.datasetfs.staging.StagedVersion;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The uncommitted versions that a daemon has taken, from their first use until it ends or they do;
 * and the ends of them: given back, deleted, committed. Thread-safe.
 */
final class HeldVersions implements StagedVersions, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(HeldVersions.class.getName());

  private final Catalog catalog;
  private final NodeAreas areas;
  private final StagedCommit engine;

  private final HeldAreas held;
  private final Users users;
  private final Path directory;

  /** Those whose files have been removed; guards itself, for as long as a removal takes. */
  private final Set<VersionKey> removed = new HashSet<>();

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
    this.held = new HeldAreas(areas);
    this.engine = engine;
    this.users = users;
    this.directory = directory;
  }

  /** Whether this daemon has the version's files. */
  boolean isHeld(StagedReference version) {
    return held.contains(VersionKey.of(version));
  }

  /**
   * A version's files, taken by this daemon if they were not.
   *
   * @throws FsException as {@link NodeAreas#open}; NOT_FOUND when the version has been committed or
   *     deleted
   */
  StagedVersion open(StagedReference version) throws FsException {
    return held.take(version).files();
  }

  @Override
  public StagedVersion open(Dataset dataset, UncommittedVersion version) throws FsException {
    return open(new StagedReference(dataset, version));
  }

  @Override
  public SpaceUsage space() {
    try {
      DiskSpace disk = DiskSpace.of(directory);
      return new SpaceUsage(
          (int) disk.blockSize(), disk.blocks(), disk.available(), disk.files(), disk.freeFiles());
    } catch (FsException e) {
      return null; // there is no area yet
    }
  }

  /**
   * Gives a version's files back, for another process to take.
   *
   * @throws FsException BUSY when they are in use
   */
  void release(StagedReference version) throws FsException {
    VersionKey key = VersionKey.of(version);
    Held mine = held.beginEnd(key);
    try {
      if (mine != null) {
        // A commit reads the files until the version is committed.
        mine.files().beginCommit();
        try {
          release(version, mine);
        } finally {
          mine.files().endCommit();
        }
      }
    } finally {
      held.endEnd(key);
    }
  }

  private void release(StagedReference version, Held mine) throws FsException {
    VersionKey key = VersionKey.of(version);
    boolean unused = held.awaitUnused(mine);
    held.requireUncommitted(version);
    if (mine.files().isSealed()) {
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
    held.giveBack(key, mine);
  }

  /**
   * Deletes a version, its record first. Who has files of it open gets errors from then on.
   *
   * @throws FsException READ_ONLY when it has been committed; BUSY while it is being committed
   */
  void delete(StagedReference version) throws FsException {
    areas.requireHere(version);
    VersionKey key = VersionKey.of(version);
    Held mine = held.beginEnd(key);
    try {
      if (mine == null) {
        unstage(version);
      } else {
        mine.files().beginCommit();
        try {
          unstage(version);
        } finally {
          mine.files().endCommit();
        }
      }
    } finally {
      held.endEnd(key);
    }
  }

  private void unstage(StagedReference version) throws FsException {
    Dataset unused = catalog.unstage(version.dataset(), version.id());
    VersionKey key = held.markGone(version);
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
    VersionKey key;
    Held mine = held.enter(version);
    try {
      committed =
          engine.run(
              version.dataset(),
              mine.files(),
              wish.message(),
              wish.tag(),
              progress,
              wish.patience());
      key = held.markGone(version);
    } finally {
      held.leave(mine);
    }
    users.whenUnused(key.dataset(), key.version(), () -> remove(key));
    return committed;
  }

  /** Who has files of a version open for writing; nobody where this daemon does not have it. */
  List<Holder> holders(StagedReference version) throws FsException {
    Held mine = held.enterIfHeld(VersionKey.of(version));
    if (mine == null) {
      return List.of();
    }
    try {
      return mine.files().holders();
    } finally {
      held.leave(mine);
    }
  }

  /** Removes the files of a version that is gone, unless they have been; one at a time. */
  private void remove(VersionKey key) {
    synchronized (removed) {
      if (removed.contains(key)) {
        return;
      }
      held.tryGiveBack(key);
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

  /** Gives everything back. Nobody may use anything any longer. */
  @Override
  public void close() {
    held.end();
    // Among them may be one whose commit has only now ended.
    held.gone().forEach(this::remove);
  }
}
