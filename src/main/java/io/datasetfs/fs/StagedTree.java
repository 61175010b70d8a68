package io.datasetfs.fs;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.UncommittedVersion;
import io.datasetfs.staging.StagedInode;
import io.datasetfs.staging.StagedVersion;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
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

  /** How many inodes the kernel knows. */
  private final AtomicLong remembered = new AtomicLong();

  /** What has been removed and is known to the kernel, by number within the version. */
  private final Map<Long, Hold> held = new ConcurrentHashMap<>();

  // Both guarded by this. What is open is known by how it is closed.
  private final Set<Runnable> open = new HashSet<>();
  private Runnable whenUnused;

  /** Work on the version. */
  @FunctionalInterface
  interface Work<T> {
    T on(StagedVersion version) throws FsException;
  }

  /** A change of the version, with nothing to tell. */
  @FunctionalInterface
  interface Change {
    void on(StagedVersion version) throws FsException;
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

  /**
   * Does work that takes a name away. What had it stays usable for the kernel as long as that knows
   * it, as on a disk: somebody may have found it a moment before, or be in the directory.
   *
   * @param directory what has the name
   */
  void removing(StagedInode directory, String name, Change change) throws FsException {
    with(
        version -> {
          if (remembered.get() == 0) {
            change.on(version); // nobody would tell when it is forgotten
            return null;
          }
          Hold hold = Hold.of(version, directory, name);
          boolean done = false;
          try {
            change.on(version);
            done = true;
          } finally {
            if (hold != null && (!done || held.putIfAbsent(hold.number(), hold) != null)) {
              hold.close();
            }
          }
          return null;
        });
  }

  /** Notes that the kernel knows an inode. */
  void remember() {
    remembered.incrementAndGet();
  }

  /** Notes that the kernel does not know an inode any more. */
  void forget(StagedInode inode) {
    Hold hold = held.remove(inode.number());
    if (hold != null) {
      hold.close();
    }
    remembered.decrementAndGet();
    tellWhenUnused();
  }

  /** Notes what is open, and how to close it; within the work that opens it. */
  synchronized void opened(Runnable close) {
    open.add(close);
  }

  /** Notes that something has been closed. */
  void closed(Runnable close) {
    synchronized (this) {
      open.remove(close);
    }
    tellWhenUnused();
  }

  private void tellWhenUnused() {
    Runnable next;
    synchronized (this) {
      if (whenUnused == null || !open.isEmpty() || remembered.get() > 0) {
        return;
      }
      next = whenUnused;
      whenUnused = null;
    }
    next.run();
  }

  /** Whether the kernel knows any inode of it. */
  boolean isRemembered() {
    return remembered.get() > 0;
  }

  /** Has somebody told once when nothing of it is in use any more, which may be at once. */
  void whenUnused(Runnable then) {
    synchronized (this) {
      whenUnused = then;
    }
    tellWhenUnused();
  }

  /**
   * Ends the use of the version, when what is in progress has ended, and closes what is open.
   *
   * @param force whether to do so although something is open
   * @return whether it was done
   */
  boolean end(boolean force) {
    life.writeLock().lock();
    try {
      List<Runnable> left;
      synchronized (this) {
        left = List.copyOf(open);
      }
      if (!force && !left.isEmpty()) {
        return false;
      }
      ended = true;
      left.forEach(Runnable::run);
      held.values().forEach(Hold::close);
      held.clear();
      return true;
    } finally {
      life.writeLock().unlock();
    }
  }
}
