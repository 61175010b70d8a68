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

  /** Interrupts what runs in {@code threads} and waits until it has ended. */
  static void shutDown(ExecutorService threads) {
    threads.shutdownNow();
    boolean interrupted = false;
    try {
      threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
