package io.datasetfs.commit;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** How a failure in one of the import's threads reaches the thread that waits for it. */
final class Failures {
  private static final long PATIENCE_SECONDS = 60;

  private Failures() {}

  /** The expected failure behind {@code e}; what is unexpected is thrown as it is. */
  static FsException rethrow(ExecutionException e) {
    Throwable cause = e.getCause();
    if (cause instanceof FsException failure) {
      return failure;
    }
    if (cause instanceof OutOfMemoryError) {
      return new FsException(
          FailureKind.IO, "Out of memory (give more with DSFS_JAVA_OPTIONS=-Xmx1g)", cause);
    }
    if (cause instanceof RuntimeException unexpected) {
      throw unexpected;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return new FsException(FailureKind.IO, String.valueOf(cause), cause);
  }

  /**
   * Interrupts what runs in {@code threads} and waits until it has ended, even if the calling
   * thread is interrupted: what the threads use can be closed afterwards.
   *
   * @return whether it has ended; not when the operating system keeps a thread for too long
   */
  static boolean shutDown(ExecutorService threads) {
    threads.shutdownNow();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    boolean interrupted = Thread.interrupted();
    boolean waiting = true;
    boolean ended = false;
    while (waiting) {
      try {
        ended = threads.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        waiting = false;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return ended;
  }
}
