package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The thread that moves one generation after the other into the tables, and those who wait for it.
 * All is guarded by the lock of {@link Metadata}, which is not held while tables are written.
 */
final class Mover {
  private static final System.Logger LOG = System.getLogger(Mover.class.getName());

  private static final int LARGE = 10_000;
  private static final int TOO_LARGE = 4 * LARGE;
  private static final long LARGE_JOURNAL = 8 << 20;
  private static final long TICK_MILLIS = 2000;

  private final Path directory;
  private final ReentrantLock lock;
  private final Condition work;
  private final Condition moved;
  private final Generations generations;
  private final Journal journal;
  private final Tables tables;
  private final RecentReads reads;
  private final Thread thread;

  private boolean wanted;
  private boolean closing;

  /** Whether the thread has gone: nothing is moved any more. */
  private boolean ended;

  private FsException trouble;

  /** Whether the log tells of it. */
  private boolean told;

  Mover(
      Path directory,
      ReentrantLock lock,
      Generations generations,
      Journal journal,
      Tables tables,
      RecentReads reads) {
    this.directory = directory;
    this.lock = lock;
    this.work = lock.newCondition();
    this.moved = lock.newCondition();
    this.generations = generations;
    this.journal = journal;
    this.tables = tables;
    this.reads = reads;
    this.thread = new Thread(this::run, "dsfs-staging-" + directory.getFileName());
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Sees to it that a generation that has grown large is moved. Called with the lock. */
  void changed() {
    if (!wanted && (generations.current().size() > LARGE || journal.length() > LARGE_JOURNAL)) {
      want();
    }
  }

  private void want() {
    wanted = true;
    work.signal();
  }

  /** As {@link Metadata#awaitRoom}. */
  void awaitRoom() throws FsException {
    if (generations.current().size() <= TOO_LARGE) {
      return;
    }
    lock.lock();
    try {
      while (generations.current().size() > TOO_LARGE) {
        requireNoTrouble();
        requireNotEnded();
        want();
        moved.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private void requireNoTrouble() throws FsException {
    if (trouble != null) {
      throw new FsException(trouble.kind(), trouble.getMessage(), trouble);
    }
  }

  private void requireNotEnded() throws FsException {
    if (ended) {
      throw new FsException(FailureKind.STALE, directory + ": closed");
    }
  }

  /** Brings all changes so far into the tables. Called without the lock. */
  void flush() throws FsException {
    lock.lock();
    try {
      Generation older = generations.leaving();
      Generation last = generations.current();
      while (generations.isUnmoved(older) || (!last.isEmpty() && generations.isUnmoved(last))) {
        requireNotEnded();
        want();
        moved.awaitUninterruptibly();
        requireNoTrouble();
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    lock.lock();
    try {
      while (true) {
        awaitTick();
        wanted = false;
        if (closing && (trouble != null || generations.isMoved())) {
          return;
        }
        if (!generations.isMoved()) {
          moveOne();
        }
        moved.signalAll();
      }
    } finally {
      // Who waits for a move is not to wait for ever.
      ended = true;
      moved.signalAll();
      lock.unlock();
    }
  }

  private void awaitTick() {
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
      while (!wanted && !closing && left > 0) {
        left = work.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; what ends it is closing.
      LOG.log(System.Logger.Level.DEBUG, "interrupted", e);
    }
  }

  /** Moves a generation; what cannot be moved is tried again at the next tick. */
  private void moveOne() {
    try {
      if (generations.leaving() == null) {
        journal.rotate();
        generations.rotate();
      }
      Generation moving = generations.leaving();
      long segment = journal.leaving();
      lock.unlock();
      try {
        tables.write(moving, segment);
      } finally {
        lock.lock();
      }
      reads.moved(moving);
      generations.forget();
      if (told) {
        told = false;
        LOG.log(System.Logger.Level.INFO, directory + ": works again");
      }
      trouble = null;
      journal.forget();
    } catch (FsException e) {
      failed(e);
    } catch (RuntimeException | Error e) {
      // A thread that ended would leave others waiting for ever.
      failed(new FsException(FailureKind.IO, directory + ": " + e, e));
    }
  }

  private void failed(FsException failure) {
    // Whoever is in the way of it hears of it; the log, of what lasts.
    if (trouble != null && !told) {
      LOG.log(System.Logger.Level.WARNING, failure.getMessage());
      told = true;
    }
    trouble = failure;
  }

  /** Moves what can be moved, and ends the thread. Called without the lock. */
  void end() {
    lock.lock();
    try {
      closing = true;
      trouble = null; // it may have ended: one more try
      work.signal();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
