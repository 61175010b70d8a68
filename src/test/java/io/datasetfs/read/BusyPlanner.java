package io.datasetfs.read;

import java.util.concurrent.CountDownLatch;

/** A planner that drops every plan until it is released. */
final class BusyPlanner {
  private final AheadPlanner planner = new AheadPlanner();
  private final CountDownLatch released = new CountDownLatch(1);

  AheadPlanner planner() {
    return planner;
  }

  /** Gives it more to do than it takes. */
  void occupy() throws InterruptedException {
    CountDownLatch taken = new CountDownLatch(AheadPlanner.THREADS);
    for (int i = 0; i < AheadPlanner.THREADS; i++) {
      planner.submit(
          () -> {
            taken.countDown();
            awaitRelease();
          });
    }
    taken.await();
    for (int i = 0; i < AheadPlanner.QUEUED; i++) {
      planner.submit(() -> {});
    }
  }

  private void awaitRelease() {
    try {
      released.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Has it go on, and waits until it has nothing to do. */
  void release() throws InterruptedException {
    released.countDown();
    while (!planner.isIdle()) {
      Thread.sleep(1);
    }
  }
}
