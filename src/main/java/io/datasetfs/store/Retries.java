package io.datasetfs.store;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * When a call that met trouble is made again: after random pauses that grow, until it has taken too
 * long in all. Safe for use by several threads if its parts are.
 */
public final class Retries {
  private static final long FIRST_NANOS = Duration.ofMillis(50).toNanos();
  private static final long LONGEST_NANOS = Duration.ofSeconds(2).toNanos();
  private static final int MOST_DOUBLINGS = 10;

  /**
   * How long the impatient bear a server that is not there: one that is restarted may be missed.
   */
  private static final long IMPATIENT_NANOS = Duration.ofSeconds(2).toNanos();

  private final long elapsedNanos;
  private final long unreachableNanos;
  private final RandomGenerator random;
  private final LongSupplier nanoTime;
  private final Sleeper sleeper;

  /** A call that may be made again. */
  @FunctionalInterface
  interface Call<T> {
    T run() throws FsException;
  }

  /**
   * @param elapsed how long a call may take in all until it is not made again; no pause goes beyond
   *     it
   * @param random draws the pauses
   * @param nanoTime the time that passes, as {@link System#nanoTime()}
   * @param sleeper waits between tries
   */
  public Retries(Duration elapsed, RandomGenerator random, LongSupplier nanoTime, Sleeper sleeper) {
    this(elapsed.toNanos(), elapsed.toNanos(), random, nanoTime, sleeper);
  }

  private Retries(
      long elapsedNanos,
      long unreachableNanos,
      RandomGenerator random,
      LongSupplier nanoTime,
      Sleeper sleeper) {
    this.elapsedNanos = elapsedNanos;
    this.unreachableNanos = unreachableNanos;
    this.random = random;
    this.nanoTime = nanoTime;
    this.sleeper = sleeper;
  }

  /** Tries of real time. */
  public static Retries within(Duration elapsed, RandomGenerator random) {
    return new Retries(elapsed, random, System::nanoTime, Sleeper.THREAD);
  }

  /** The same for who does not wait long for a server that is {@link Trouble#isUnreachable}. */
  Retries impatient() {
    long shorter = Math.min(elapsedNanos, IMPATIENT_NANOS);
    return new Retries(elapsedNanos, shorter, random, nanoTime, sleeper);
  }

  /** Makes a call until it succeeds, fails for good or has taken too long. */
  <T> T run(Call<T> call) throws FsException {
    return run(call, TroubleListener.NONE);
  }

  <T> T run(Call<T> call, TroubleListener listener) throws FsException {
    long start = nanoTime.getAsLong();
    for (int tries = 0; ; tries++) {
      try {
        return call.run();
      } catch (FsException e) {
        long longest = Math.min(LONGEST_NANOS, FIRST_NANOS << Math.min(tries, MOST_DOUBLINGS));
        long wait = longest / 2 + random.nextLong(longest / 2 + 1);
        boolean over = nanoTime.getAsLong() - start + wait > most(e);
        if (e.kind() != FailureKind.UNAVAILABLE || over) {
          throw e;
        }
        listener.met(e);
        sleep(wait, e);
      }
    }
  }

  private long most(FsException failure) {
    return failure instanceof Trouble trouble && trouble.isUnreachable()
        ? unreachableNanos
        : elapsedNanos;
  }

  private void sleep(long nanos, FsException failure) throws FsException {
    try {
      sleeper.sleep(Duration.ofNanos(nanos));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      FsException interrupted = new FsException(FailureKind.INTERRUPTED, "interrupted", e);
      interrupted.addSuppressed(failure);
      throw interrupted;
    }
  }
}
