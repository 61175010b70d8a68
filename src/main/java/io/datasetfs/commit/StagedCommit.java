package io.datasetfs.commit;

import io.datasetfs.catalog.Catalog;
import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.UncommittedVersion;
import io.datasetfs.model.VersionId;
import io.datasetfs.model.VersionRecord;
import io.datasetfs.staging.StagedVersion;
import io.datasetfs.store.ObjectStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Commits uncommitted versions: seals the files, stores and confirms what is new in them, then
 * swaps the dataset's head. Cut off anywhere, it leaves the version uncommitted or committed, and
 * objects that the next try uses. Thread-safe.
 */
public final class StagedCommit {
  private final Catalog catalog;
  private final Optional<Path> indexDirectory;
  private final RandomGenerator random;
  private final Clock clock;

  /**
   * @param catalog publishes the version
   * @param indexDirectory where to keep the indexes of packs that are far away; nothing to read
   *     them every time
   * @param random names packs; must be cryptographically strong
   * @param clock tells now
   */
  public StagedCommit(
      Catalog catalog, Optional<Path> indexDirectory, RandomGenerator random, Clock clock) {
    this.catalog = catalog;
    this.indexDirectory = indexDirectory;
    this.random = random;
    this.clock = clock;
  }

  /**
   * Commits. Afterwards the files stay sealed and can still be read; to remove them is the caller's
   * part. After a failure they take writes as before, unless the version may have been committed or
   * is known to be: then they stay sealed, since what was written now would be lost.
   *
   * @param dataset as it was read a moment ago
   * @param files the version's
   * @param message what the committed version says; may be empty
   * @param tag a tag that is to point to it from the same moment
   * @param progress hears how far it is
   * @param wait how long to wait for those who have files open for writing
   * @return the committed version, in the dataset as it then was
   * @throws FsException BUSY naming who has what open for writing, or when it is being committed
   *     already; SPECIAL_FILE naming what cannot be stored; READ_ONLY when it has been committed;
   *     NOT_FOUND when it or the dataset was deleted; STATE_UNKNOWN when it may or may not have
   *     been committed: nothing may be deleted then, and the commit can be tried again;
   *     INTERRUPTED, NO_SPACE, and what reading and storing give
   */
  public ResolvedVersion run(
      Dataset dataset,
      StagedVersion files,
      String message,
      Optional<String> tag,
      ImportProgress progress,
      Duration wait)
      throws FsException {
    if (tag.isPresent()) {
      Names.requireTagName(tag.get());
    }
    UncommittedVersion version = require(dataset, files.description().version());
    files.beginCommit();
    try {
      // Sealed by a commit whose outcome nobody knew: no failure of this one takes that back.
      boolean doubt = files.isSealed();
      if (!doubt) {
        files.seal(wait);
      }
      TreeEntry.Directory root = store(dataset, files, progress, doubt);
      VersionRecord draft =
          new VersionRecord(
              version.id(), 0, message, version.created(), clock.instant(), version.base(), root);
      return publish(dataset, files, draft, tag, doubt);
    } finally {
      files.endCommit();
    }
  }

  private static UncommittedVersion require(Dataset dataset, VersionId version) throws FsException {
    Optional<UncommittedVersion> found = dataset.head().findUncommitted(version);
    if (found.isEmpty()) {
      throw dataset.head().find(version).isPresent()
          ? new FsException(
              FailureKind.READ_ONLY,
              "The version %s has been committed already".formatted(dataset.reference(version)))
          : new FsException(
              FailureKind.NOT_FOUND,
              "Not found: version %s (see 'dsfs datasets versions list --isCommitted=false')"
                  .formatted(dataset.reference(version)));
    }
    return found.get();
  }

  private TreeEntry.Directory store(
      Dataset dataset, StagedVersion files, ImportProgress listener, boolean doubt)
      throws FsException {
    boolean stored = false;
    try {
      ImportProgress progress = new SerialProgress(listener);
      progress.expect(StagedSurvey.bytes(files));
      StoreAccess access = StoreAccess.of(dataset, indexDirectory);
      ObjectStore store = catalog.store(dataset);
      StoredChunks known = StoredChunks.load(store, dataset.id(), access);
      ImportResult result =
          new TreePacker(store, dataset.id(), access, random)
              .run(new StagedWalk(files), known, progress);
      StagedWalk.requireUninterrupted();
      stored = true;
      return result.root();
    } catch (FsException e) {
      if (e.kind() == FailureKind.NOT_FOUND) {
        catalog.sweepIfDeleted(dataset, e);
      }
      throw e;
    } finally {
      if (!stored && !doubt) {
        files.unseal();
      }
    }
  }

  private ResolvedVersion publish(
      Dataset dataset,
      StagedVersion files,
      VersionRecord draft,
      Optional<String> tag,
      boolean doubt)
      throws FsException {
    try {
      return catalog.commit(dataset, draft, tag);
    } catch (FsException e) {
      if (e.kind() == FailureKind.READ_ONLY) {
        return findCommitted(dataset, draft, tag, e);
      }
      if (e.kind() == FailureKind.NOT_FOUND) {
        catalog.sweepIfDeleted(dataset, e);
      }
      if (e.kind() != FailureKind.STATE_UNKNOWN && !doubt) {
        files.unseal();
      }
      throw e;
    }
  }

  /** Finds out whether it was an earlier try of this commit that was there first. */
  private ResolvedVersion findCommitted(
      Dataset dataset, VersionRecord draft, Optional<String> tag, FsException refusal)
      throws FsException {
    Optional<Dataset> now = catalog.refresh(dataset);
    Optional<VersionRecord> there = now.flatMap(d -> d.head().find(draft.id()));
    boolean same =
        there.isPresent()
            && there.get().tree().equals(draft.tree())
            && there.get().message().equals(draft.message())
            && tag.map(t -> draft.id().equals(now.get().head().tags().get(t))).orElse(true);
    if (!same) {
      throw refusal;
    }
    return new ResolvedVersion(now.get(), there.get());
  }
}
