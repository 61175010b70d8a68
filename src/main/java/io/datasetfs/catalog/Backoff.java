package io.datasetfs.catalog;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.store.Sleeper;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** The pauses between tries: random, so that racers part, and growing up to half a second. */
final class Backoff {
  private static final int FIRST_MILLIS = 4;
  private static final int LONGEST_MILLIS = 500;

  private final RandomGenerator random;
  private final Sleeper sleeper;

  Backoff(RandomGenerator random, Sleeper sleeper) {
    this.random = random;
    this.sleeper = sleeper;
  }

  /**
   * Waits before the next try.
   *
   * @param tries the number of tries so far
   * @throws FsException INTERRUPTED; the thread's interrupt stays set
   */
  void pause(int tries) throws FsException {
    int limit = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(tries, 10));
    try {
      sleeper.sleep(Duration.ofMillis(random.nextInt(limit) + 1L));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FsException(FailureKind.INTERRUPTED, "interrupted", e);
    }
  }
}
