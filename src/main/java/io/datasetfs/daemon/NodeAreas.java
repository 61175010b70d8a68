package io.datasetfs.daemon;

import io.datasetfs.catalog.Catalog;
import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.NodeName;
import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.catalog.StagedReference;
import io.datasetfs.fs.ReaderSource;
import io.datasetfs.model.DatasetHead;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import io.datasetfs.model.VersionId;
import io.datasetfs.staging.AreaDescription;
import io.datasetfs.staging.AreaHolder;
import io.datasetfs.staging.BaseVersion;
import io.datasetfs.staging.StagedVersion;
import io.datasetfs.staging.StagingAreas;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The uncommitted versions whose files are on this node: made, opened and removed here, whoever
 * asks for it, a command or a daemon. Files come before the record in the dataset's head and go
 * after it, so that a version that is listed has its files. Thread-safe.
 */
public final class NodeAreas {
  private static final System.Logger LOG = System.getLogger(NodeAreas.class.getName());

  /** How long files without a record are kept: the record may still be on its way. */
  private static final Duration KEPT_WITHOUT_RECORD = Duration.ofHours(1);

  private final Catalog catalog;
  private final StagingAreas areas;
  private final ReaderSource readers;
  private final NodeName node;

  /**
   * @param areas where the files are
   * @param readers reads the versions that others start from
   * @param node this node's name
   */
  public NodeAreas(Catalog catalog, StagingAreas areas, ReaderSource readers, NodeName node) {
    this.catalog = catalog;
    this.areas = areas;
    this.readers = readers;
    this.node = node;
  }

  /**
   * Makes sure that this is the node that has a version's files.
   *
   * @throws FsException READ_ONLY naming the one that has them
   */
  void requireHere(StagedReference version) throws FsException {
    if (!isHere(version)) {
      throw new FsException(
          FailureKind.READ_ONLY,
          "The files of %s are on the node %s until it is committed, and this is %s (do it there)"
              .formatted(
                  version.reference(),
                  Names.printable(version.version().node()),
                  Names.printable(node.value())));
    }
  }

  /** Whether this is the node that has a version's files. */
  boolean isHere(StagedReference version) {
    return version.version().node().equals(node.value());
  }

  /**
   * Creates an uncommitted version.
   *
   * @param base the version that it starts from, of the same dataset
   */
  StagedReference create(Dataset dataset, String message, Optional<ResolvedVersion> base)
      throws FsException {
    VersionId id = catalog.newVersionId(dataset);
    Optional<VersionId> baseId = base.map(ResolvedVersion::id);
    StagedVersion made =
        areas.create(dataset.id(), id, baseId, ProcessOwner.creator(), (of, v) -> base(dataset, v));
    FsException failure;
    try {
      return catalog.stage(dataset, id, message, baseId, node.value());
    } catch (FsException e) {
      failure = e;
    } finally {
      closeQuietly(made);
    }
    if (failure.kind() != FailureKind.STATE_UNKNOWN) {
      try {
        areas.remove(dataset.id(), id);
      } catch (FsException e) {
        failure.addSuppressed(e);
      }
    }
    throw failure;
  }

  /** Closes files of which nothing is kept, or has changed: there is nothing to lose. */
  static void closeQuietly(StagedVersion files) {
    try {
      files.close();
    } catch (FsException e) {
      LOG.log(Level.DEBUG, "closing {0}: {1}", files.directory(), e.getMessage());
    }
  }

  /**
   * Opens a version's files for this process alone.
   *
   * @throws FsException READ_ONLY when they are on another node; NOT_FOUND when they are nowhere
   *     here; BUSY naming the process that has them
   */
  StagedVersion open(StagedReference version) throws FsException {
    requireHere(version);
    DatasetId dataset = version.dataset().id();
    if (!hasFiles(version)) {
      throw notFound(version);
    }
    try {
      return areas.open(dataset, version.id(), (of, v) -> base(version.dataset(), v));
    } catch (FsException e) {
      throw e.kind() == FailureKind.BUSY ? busy(version, e) : e;
    }
  }

  /** Whether this data directory has a version's files. */
  boolean hasFiles(StagedReference version) throws FsException {
    return areas.find(version.dataset().id(), version.id()).isPresent();
  }

  private static FsException notFound(StagedReference version) {
    return new FsException(
        FailureKind.NOT_FOUND,
        ("The files of %s are not on this node (was it made with another data directory?"
                + " '%s=%s dsfs datasets versions delete' deletes it if they are lost)")
            .formatted(
                version.reference(), NodeName.VARIABLE, Names.printable(version.version().node())));
  }

  private FsException busy(StagedReference version, FsException cause) {
    String holder = "another process";
    try {
      holder =
          areas
              .holder(version.dataset().id(), version.id())
              .map(NodeAreas::describe)
              .orElse("a process that has just ended");
    } catch (FsException e) {
      cause.addSuppressed(e);
    }
    return new FsException(
        FailureKind.BUSY,
        "%s is in use by %s (wait for it, or end it)".formatted(version.reference(), holder),
        cause);
  }

  private static String describe(AreaHolder holder) {
    return "the process %d (%s, on %s)"
        .formatted(
            holder.process(),
            CommandLines.of(holder.process()).orElse("which cannot be seen from here"),
            Names.printable(holder.host()));
  }

  private BaseVersion base(Dataset dataset, VersionId version) throws FsException {
    return new LiveBase(
        dataset,
        dataset
            .head()
            .find(version)
            .orElseThrow(
                () ->
                    new FsException(
                        FailureKind.NOT_FOUND,
                        "Not found: %s, which the version started from"
                            .formatted(dataset.reference(version))))
            .tree(),
        readers);
  }

  /**
   * Removes a version's files; that there are none is as good.
   *
   * @throws FsException BUSY naming the process that has them
   */
  void remove(DatasetId dataset, VersionId version) throws FsException {
    areas.remove(dataset, version);
  }

  /**
   * Removes the files of a version that has been committed or deleted: that is done, whatever
   * becomes of them.
   *
   * @return what is left of them and why, if anything is
   */
  Optional<FsException> discard(StagedReference version) {
    DatasetId dataset = version.dataset().id();
    try {
      areas.remove(dataset, version.id());
      return Optional.empty();
    } catch (FsException e) {
      return Optional.of(
          new FsException(
              e.kind(),
              "Files of %s that nobody needs any more are left in %s: %s"
                      .formatted(
                          version.reference(),
                          areas.directory(dataset, version.id()),
                          e.getMessage())
                  + " (a later 'dsfs datasets versions create' removes them)",
              e));
    }
  }

  /**
   * Deletes an uncommitted version's record, and its files, which nobody may have open. A record
   * whose files are not here never was this data directory's, since files come before the record
   * and go after it: they are another's of the same node, or lost. Only who names the node
   * explicitly may say that.
   *
   * @return what is left of the files and why, if anything is
   * @throws FsException READ_ONLY when it is another node's or has been committed; NOT_FOUND when
   *     its files are not here
   */
  Optional<FsException> delete(StagedReference version) throws FsException {
    requireHere(version);
    if (hasFiles(version)) {
      // Who has them must give them up first; nobody takes them meanwhile.
      StagedVersion mine = open(version);
      try {
        Dataset unused = catalog.unstage(version.dataset(), version.id());
      } finally {
        closeQuietly(mine);
      }
    } else if (node.given()) {
      Dataset unused = catalog.unstage(version.dataset(), version.id());
    } else {
      throw notFound(version);
    }
    return discard(version);
  }

  /**
   * Removes the files that processes which were killed have left: those of versions that are
   * committed or deleted, or have never been told of.
   *
   * @param now when files count as old
   */
  void sweep(Instant now) {
    Map<DatasetId, Optional<Dataset>> datasets = new HashMap<>();
    try {
      areas.sweep();
      for (AreaDescription area : areas.list()) {
        if (areas.holder(area.dataset(), area.version()).isPresent()) {
          continue;
        }
        Optional<Dataset> dataset = datasets.get(area.dataset());
        if (dataset == null) {
          dataset = catalog.find(area.dataset());
          datasets.put(area.dataset(), dataset);
        }
        // One that is nowhere may be at a provider that is not configured at this moment.
        if (dataset.isPresent() && isLeftOver(area, dataset.get().head(), now)) {
          tryRemove(area);
        }
      }
    } catch (FsException e) {
      LOG.log(Level.DEBUG, "what is left of versions that are gone stays: {0}", e.getMessage());
    }
  }

  private static boolean isLeftOver(AreaDescription area, DatasetHead head, Instant now) {
    return head.find(area.version()).isPresent()
        || (head.findUncommitted(area.version()).isEmpty()
            && area.created().isBefore(now.minus(KEPT_WITHOUT_RECORD)));
  }

  private void tryRemove(AreaDescription area) {
    try {
      areas.remove(area.dataset(), area.version());
    } catch (FsException e) {
      LOG.log(Level.DEBUG, "{0} stays: {1}", area.version(), e.getMessage());
    }
  }
}
