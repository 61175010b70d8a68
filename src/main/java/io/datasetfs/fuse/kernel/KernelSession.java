package io.datasetfs.fuse.kernel;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that serve one mount. There are as many as the options say, more while all of them
 * wait for something, up to a bound; no kind of request alone takes them all. The last thread to
 * end closes everything.
 */
final class KernelSession {
  /** More than the requests that the kernel sends on its own account. */
  static final int MOST_READS = 256;

  /** What waits for a local disk does not go faster in a crowd. */
  static final int MOST_WRITES = 64;

  /** As many again that change names and attributes. */
  static final int MOST_CHANGES = 64;

  /** What the others can never occupy is for lookups, attributes, listings and ends of files. */
  static final int MOST_THREADS = MOST_READS + MOST_WRITES + MOST_CHANGES + 64;

  /** So many threads that have nothing to do are kept besides those that were there at first. */
  private static final int SPARE = 8;

  private static final ThreadGroup THREADS = new ThreadGroup("dsfs-fuse");

  private final Device device;
  private final Operations operations;
  private final Gate<Request> reads = new Gate<>(MOST_READS);
  private final Gate<Request> writes = new Gate<>(MOST_WRITES);
  private final Gate<Request> changes = new Gate<>(MOST_CHANGES);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final int threads;

  /** Threads that wait for a request. */
  private final AtomicInteger idle = new AtomicInteger();

  /** Guarded by this. */
  private int running;

  /** Guarded by this. */
  private int started;

  /**
   * @param threads how many requests are answered at once, unless more wait for something
   */
  KernelSession(Device device, Operations operations, int threads) {
    this.device = device;
    this.operations = operations;
    this.threads = threads;
  }

  /** Starts to answer requests. */
  synchronized void start() {
    for (int i = 0; i < threads; i++) {
      startOne();
    }
  }

  private synchronized void startOne() {
    new RequestLoop(THREADS, "dsfs-fuse-" + (started + 1), device, operations, this).start();
    started++;
    running++;
    idle.incrementAndGet();
  }

  /** Called by each thread when it has received a request. */
  void busy() {
    if (idle.decrementAndGet() <= 0) {
      grow();
    }
  }

  private synchronized void grow() {
    if (idle.get() > 0 || running == 0 || running >= MOST_THREADS) {
      return;
    }
    try {
      startOne();
    } catch (OutOfMemoryError e) {
      // no thread is to be had: then with those that there are
    }
  }

  /**
   * Called by each thread when it has answered a request.
   *
   * @return whether it is to go on
   */
  boolean idle() {
    return idle.incrementAndGet() <= threads + SPARE || !shrink();
  }

  private synchronized boolean shrink() {
    if (idle.get() <= threads + SPARE || running <= threads) {
      return false;
    }
    idle.decrementAndGet();
    return true;
  }

  /** Who may read now. */
  Gate<Request> reads() {
    return reads;
  }

  /** Who may write now. */
  Gate<Request> writes() {
    return writes;
  }

  /** Who may change names and attributes now. */
  Gate<Request> changes() {
    return changes;
  }

  /** Called by each thread as the last thing that it does. */
  void loopEnded() {
    synchronized (this) {
      running--;
      if (running > 0) {
        return;
      }
    }
    device.close();
    try {
      operations.closeAll();
    } finally {
      ended.countDown();
    }
  }

  /** Whether it has ended. */
  boolean hasEnded() {
    return ended.getCount() == 0;
  }

  /** Waits for the end. */
  void awaitEnd() throws InterruptedException {
    ended.await();
  }

  /** Waits for the end, and tells whether it came in time. */
  boolean awaitEnd(long seconds) throws InterruptedException {
    return ended.await(seconds, TimeUnit.SECONDS);
  }
}
