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
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The uncommitted versions that a mount uses. One is opened when its name is looked up for the
 * first time, and stays. Thread-safe.
 */
final class StagedTrees {
  private static final int IDLE_SECONDS = 10;

  private final StagedVersions source;

  /** Tells who waits for the end of a use; the kernel's requests are not to wait for him. */
  private final ThreadPoolExecutor teller =
      new ThreadPoolExecutor(
          1,
          1,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          task -> {
            Thread thread = new Thread(task, "dsfs-staged");
            thread.setDaemon(true);
            return thread;
          });

  private final LeavingTrees leaving = new LeavingTrees();

  // Both guarded by this. Versions are few, and opening one is a matter of the local disk.
  private final Map<Key, StagedTree> used = new HashMap<>();
  private final Set<Key> gone = new HashSet<>();

  private record Key(DatasetId dataset, VersionId version) {}

  StagedTrees(StagedVersions source) {
    this.source = source;
    teller.allowCoreThreadTimeOut(true);
  }

  /**
   * The tree of a version.
   *
   * @throws FsException NOT_FOUND when it has been committed or deleted; ACCESS_DENIED, with a
   *     message that says who has it, when it cannot be opened here
   */
  synchronized StagedTree require(
      Dataset dataset, UncommittedVersion version, Node.OfDataset directory) throws FsException {
    Key key = new Key(dataset.id(), version.id());
    if (gone.contains(key)) {
      throw new FsException(FailureKind.NOT_FOUND, version.id() + ": is not uncommitted any more");
    }
    StagedTree known = used.get(key);
    if (known != null) {
      return known;
    }
    try {
      StagedTree tree = new StagedTree(dataset, version, source.open(dataset, version), directory);
      used.put(key, tree);
      return tree;
    } catch (FsException e) {
      throw new FsException(FailureKind.ACCESS_DENIED, e.getMessage(), e);
    }
  }

  /** As {@link DatasetFileSystem#retire}. */
  boolean retire(DatasetId dataset, VersionId version, boolean force) {
    Key key = new Key(dataset, version);
    StagedTree tree;
    synchronized (this) {
      tree = used.get(key);
    }
    if (tree == null) {
      return true;
    }
    if (!tree.end(force)) {
      return false;
    }
    synchronized (this) {
      used.remove(key, tree);
    }
    return true;
  }

  /** As {@link DatasetFileSystem#whenUnused}. */
  void whenUnused(DatasetId dataset, VersionId version, Runnable then) {
    Key key = new Key(dataset, version);
    StagedTree tree;
    synchronized (this) {
      gone.add(key);
      tree = used.remove(key);
    }
    if (tree == null) {
      teller.execute(then);
      return;
    }
    leaving.add(tree);
    tree.whenUnused(
        () ->
            teller.execute(
                () -> {
                  leaving.remove(tree);
                  if (tree.end(true)) {
                    then.run();
                  }
                }));
  }

  /** Those that are there only for who still uses them. */
  LeavingTrees leaving() {
    return leaving;
  }

  /** The room where they are; {@code null} when nobody knows. */
  SpaceUsage space() {
    return source.space();
  }
}
