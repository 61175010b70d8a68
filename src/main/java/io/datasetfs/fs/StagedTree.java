package io.datasetfs.fs;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.UncommittedVersion;
import io.datasetfs.staging.StagedVersion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * An uncommitted version as the mount uses it, until that has ended. It knows what of it is in use:
 * inodes that the kernel knows, files and directories that are open. Thread-safe.
 */
final class StagedTree {
  private final Dataset dataset;
  private final UncommittedVersion record;
  private final StagedVersion version;
  private final long rootNumber;

  /** Held for reading by every operation, for writing to end the use of the version. */
  private final ReadWriteLock life = new ReentrantReadWriteLock();

  /** Guarded by {@link #life}. */
  private boolean ended;

  // Guarded by this.
  private final Set<Runnable> open = new HashSet<>();
  private long known;
  private Runnable whenUnused;

  /** Work on the version. */
  @FunctionalInterface
  interface Work<T> {
    T on(StagedVersion version) throws FsException;
  }

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

  /** The number that the mount shows for a number within the version. */
  long number(long number) {
    return number == version.root().number() ? rootNumber : InodeNumbers.of(rootNumber, number);
  }

  StagedNode root() {
    return new StagedNode(this, version.root());
  }

  /**
   * Does work on the version.
   *
   * @throws FsException STALE when its use has ended; what the work met
   */
  <T> T with(Work<T> work) throws FsException {
    life.readLock().lock();
    try {
      if (ended) {
        throw new FsException(FailureKind.STALE, record.id() + ": is not uncommitted any more");
      }
      return work.on(version);
    } finally {
      life.readLock().unlock();
    }
  }

  /**
   * Does work on an inode that the kernel names by number: when it is not found, it was removed
   * after the kernel had found it, and what was looked up has to be looked up again.
   */
  <T> T onInode(Work<T> work) throws FsException {
    try {
      return with(work);
    } catch (FsException e) {
      if (e.kind() == FailureKind.NOT_FOUND) {
        throw new FsException(FailureKind.STALE, e.getMessage(), e);
      }
      throw e;
    }
  }

  /** Notes what is open, and how to close it. Called within the work that opens it. */
  synchronized void opened(Runnable close) {
    open.add(close);
  }

  /** Notes that something has been closed. */
  void closed(Runnable close) {
    Runnable last;
    synchronized (this) {
      open.remove(close);
      last = nextWhenUnused();
    }
    run(last);
  }

  /** Notes that the kernel knows one more of its inodes. */
  synchronized void remembered() {
    known++;
  }

  /** Notes that the kernel knows one less. */
  void forgotten() {
    Runnable last;
    synchronized (this) {
      known--;
      last = nextWhenUnused();
    }
    run(last);
  }

  /** Called under the lock. */
  private Runnable nextWhenUnused() {
    if (known > 0 || !open.isEmpty()) {
      return null;
    }
    Runnable next = whenUnused;
    whenUnused = null;
    return next;
  }

  private static void run(Runnable task) {
    if (task != null) {
      task.run();
    }
  }

  /** Has somebody told once when nothing of it is in use any more, which may be at once. */
  void whenUnused(Runnable then) {
    Runnable now;
    synchronized (this) {
      whenUnused = then;
      now = nextWhenUnused();
    }
    run(now);
  }

  /**
   * Ends the use of the version: waits for what is in progress, and closes what is open.
   *
   * @param force whether to do so although something is open
   * @return whether it was done
   */
  boolean end(boolean force) {
    List<Runnable> left;
    life.writeLock().lock();
    try {
      synchronized (this) {
        if (!force && !open.isEmpty()) {
          return false;
        }
        left = new ArrayList<>(open);
      }
      left.forEach(Runnable::run);
      ended = true;
    } finally {
      life.writeLock().unlock();
    }
    return true;
  }
}
