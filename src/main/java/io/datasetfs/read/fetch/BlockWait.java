package io.datasetfs.read.fetch;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/** Waits for an answer, but not for longer than somebody wants it. */
final class BlockWait {
  private static final long POLL = Duration.ofMillis(100).toNanos();

  private BlockWait() {}

  /**
   * Waits.
   *
   * @param until when to stop, in nanoseconds of the clock
   * @return the answer; {@code null} when there was none until then
   * @throws FsException the answer if it is a failure; INTERRUPTED when the thread was interrupted
   *     or the one that it {@linkplain OnBehalf works for} is gone
   */
  static byte[] await(CompletableFuture<byte[]> answer, long until, LongSupplier nanos)
      throws FsException {
    while (true) {
      try {
        long left = until - nanos.getAsLong();
        if (left <= 0 && !answer.isDone()) {
          return null;
        }
        return answer.get(Math.min(left, POLL), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        if (Thread.currentThread() instanceof OnBehalf reader && reader.isAbandoned()) {
          throw new FsException(FailureKind.INTERRUPTED, "who wanted the block is gone", e);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new FsException(FailureKind.INTERRUPTED, "interrupted while waiting for a block", e);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof FsException failure) {
          throw new FsException(failure.kind(), failure.getMessage(), failure);
        }
        throw new IllegalStateException("a fetch failed unexpectedly", e.getCause());
      }
    }
  }
}
