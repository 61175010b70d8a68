package io.datasetfs.fs;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.UncommittedVersion;
import io.datasetfs.model.VersionId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The uncommitted versions that a mount has open. One is opened when its name is looked up for the
 * first time, and stays. Thread-safe.
 */
final class StagedTrees {
  private final StagedVersions source;

  // Both guarded by this. Versions are few, and opening one is a matter of the local disk.
  private final Map<Key, StagedTree> open = new HashMap<>();
  private final Set<Key> retired = new HashSet<>();

  private record Key(DatasetId dataset, VersionId version) {}

  StagedTrees(StagedVersions source) {
    this.source = source;
  }

  /**
   * The tree of a version.
   *
   * @throws FsException NOT_FOUND when it has been retired; ACCESS_DENIED, with a message that says
   *     who has it, when it cannot be opened here
   */
  synchronized StagedTree require(
      Dataset dataset, UncommittedVersion version, Node.OfDataset directory) throws FsException {
    Key key = new Key(dataset.id(), version.id());
    if (retired.contains(key)) {
      throw new FsException(FailureKind.NOT_FOUND, version.id() + ": is not uncommitted any more");
    }
    StagedTree known = open.get(key);
    if (known != null) {
      return known;
    }
    try {
      StagedTree tree = new StagedTree(dataset, version, source.open(dataset, version), directory);
      open.put(key, tree);
      return tree;
    } catch (FsException e) {
      throw new FsException(FailureKind.ACCESS_DENIED, e.getMessage(), e);
    }
  }

  /** As {@link DatasetFileSystem#retire}. */
  void retire(DatasetId dataset, VersionId version, Runnable unused) {
    StagedTree tree;
    synchronized (this) {
      Key key = new Key(dataset, version);
      retired.add(key);
      tree = open.remove(key);
    }
    if (tree == null) {
      unused.run();
    } else {
      tree.retire(unused);
    }
  }

  /** The room where they are; {@code null} when nobody knows. */
  SpaceUsage space() {
    return source.space();
  }
}
