package io.datasetfs.store;

import java.time.Duration;

/** Lets time pass between tries; tests pass one that does not. */
@FunctionalInterface
public interface Sleeper {
  /** The thread's own sleep. */
  Sleeper THREAD = pause -> Thread.sleep(pause.toMillis());

  /**
   * Waits.
   *
   * @throws InterruptedException when the thread is interrupted meanwhile
   */
  void sleep(Duration pause) throws InterruptedException;
}
