package io.datasetfs.read;

import io.datasetfs.model.FsException;
import java.lang.System.Logger.Level;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Works out which blocks and pages to ask for ahead, away from the threads that read: finding far
 * extents and the next directories may need pages that have to be loaded first. Each dataset has
 * its own, so that one whose storage does not answer holds up no other; its threads end when there
 * is nothing to do. Thread-safe.
 */
final class AheadPlanner {
  private static final System.Logger LOG = System.getLogger(AheadPlanner.class.getName());
  private static final int IDLE_SECONDS = 5;

  /** How many plans are made at a time. */
  static final int THREADS = 2;

  /** How many may wait. */
  static final int QUEUED = 1024;

  private final AtomicInteger unfinished = new AtomicInteger();
  private final ThreadPoolExecutor pool;

  AheadPlanner() {
    AtomicInteger number = new AtomicInteger();
    pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(QUEUED),
            task -> {
              Thread thread = new Thread(task, "dsfs-ahead-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            },
            // Too much to do: readers load for themselves.
            (task, full) -> ((Job) task).drop());
    pool.allowCoreThreadTimeOut(true);
  }

  /** Has a plan made soon, or not at all; nobody depends on it. */
  void submit(Plan plan) {
    submit(plan, () -> {});
  }

  /**
   * Has a plan made soon, or not at all. Never fails.
   *
   * @param unmade run when the plan was dropped, at once by the calling thread, or when it failed:
   *     who waits for it before he submits the next is to wait no longer
   */
  void submit(Plan plan, Runnable unmade) {
    unfinished.incrementAndGet();
    Job job = new Job(plan, unmade);
    try {
      pool.execute(job);
    } catch (OutOfMemoryError e) {
      // No thread is to be had, which is no reason for a reader to fail.
      job.drop();
    }
  }

  /** Whether all plans have been made. */
  boolean isIdle() {
    return unfinished.get() == 0;
  }

  /** Finds what to ask for, and asks. */
  interface Plan {
    void make() throws FsException;
  }

  private final class Job implements Runnable {
    private final Plan plan;
    private final Runnable unmade;

    Job(Plan plan, Runnable unmade) {
      this.plan = plan;
      this.unmade = unmade;
    }

    void drop() {
      unmade.run();
      unfinished.decrementAndGet();
    }

    @Override
    public void run() {
      try {
        plan.make();
        unfinished.decrementAndGet();
        return;
      } catch (FsException e) {
        // Nobody has asked for it yet; who does meets the failure.
        LOG.log(Level.DEBUG, "could not plan ahead: " + e.getMessage());
      } catch (Throwable e) {
        LOG.log(Level.WARNING, "could not plan ahead, unexpectedly", e);
      }
      drop();
    }
  }
}
