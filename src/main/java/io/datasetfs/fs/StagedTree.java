package io.datasetfs.fs;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.UncommittedVersion;
import io.datasetfs.staging.StagedVersion;

/**
 * An uncommitted version as the mount uses it. It counts what of it is in use: inodes that the
 * kernel knows, files and directories that are open. When it is retired, since it has been
 * committed or deleted, it is still there for those, and for nobody else. Thread-safe.
 */
final class StagedTree {
  private final Dataset dataset;
  private final UncommittedVersion record;
  private final StagedVersion version;
  private final long rootNumber;

  // Both guarded by this.
  private long uses;
  private Runnable unused;

  /**
   * @param directory the dataset's directory
   */
  StagedTree(
      Dataset dataset, UncommittedVersion record, StagedVersion version, Node.OfDataset directory) {
    this.dataset = dataset;
    this.record = record;
    this.version = version;
    this.rootNumber = number(directory, record);
  }

  /**
   * The number of a version's top directory. Another one than it will have when it is committed:
   * the kernel is to see that it is another thing then.
   */
  static long number(Node.OfDataset directory, UncommittedVersion record) {
    return InodeNumbers.of(InodeNumbers.of(directory.number(), record.id().value()), "staged");
  }

  Dataset dataset() {
    return dataset;
  }

  UncommittedVersion record() {
    return record;
  }

  StagedVersion version() {
    return version;
  }

  /** The number that the mount shows for a number within the version. */
  long number(long number) {
    return number == version.root().number() ? rootNumber : InodeNumbers.of(rootNumber, number);
  }

  StagedNode root() {
    return new StagedNode(this, version.root());
  }

  /** Counts a use. */
  synchronized void use() {
    uses++;
  }

  /** Takes a use back. */
  void leave() {
    Runnable last = null;
    synchronized (this) {
      uses--;
      if (uses == 0) {
        last = unused;
        unused = null;
      }
    }
    if (last != null) {
      last.run();
    }
  }

  /**
   * Has somebody told when nothing of it is in use any more, which may be at once. Nothing new
   * comes into use but through what is in use.
   */
  void retire(Runnable whenUnused) {
    synchronized (this) {
      if (uses > 0) {
        unused = whenUnused;
        return;
      }
    }
    whenUnused.run();
  }

  /** Work on an inode of the version. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws FsException;
  }

  /**
   * Does work on an inode that the kernel names by number: when it is not found, it was removed
   * after the kernel had found it, and what was looked up has to be looked up again.
   */
  static <T> T onInode(Work<T> work) throws FsException {
    try {
      return work.run();
    } catch (FsException e) {
      if (e.kind() == FailureKind.NOT_FOUND) {
        throw new FsException(FailureKind.STALE, e.getMessage(), e);
      }
      throw e;
    }
  }
}
