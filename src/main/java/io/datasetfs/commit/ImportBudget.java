package io.datasetfs.commit;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.util.concurrent.Semaphore;

/** Bounds what is read ahead of the packer: bytes of files, and steps of the walk. */
final class ImportBudget {
  private static final int UNIT = 4096;
  private static final int BYTES = 64 << 20;
  private static final int STEPS = 1 << 16;

  private final Semaphore bytes = new Semaphore(BYTES / UNIT);
  private final Semaphore steps = new Semaphore(STEPS);

  /**
   * Takes room for {@code length} bytes, waiting for it.
   *
   * @return the cost, to be given back
   */
  int takeBytes(int length) throws FsException {
    int cost = length / UNIT + 1;
    acquire(bytes, cost);
    return cost;
  }

  void returnBytes(int cost) {
    bytes.release(cost);
  }

  boolean tryTakeStep() {
    return steps.tryAcquire();
  }

  void takeStep() throws FsException {
    acquire(steps, 1);
  }

  void returnStep() {
    steps.release();
  }

  private static void acquire(Semaphore semaphore, int count) throws FsException {
    try {
      semaphore.acquire(count);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FsException(FailureKind.INTERRUPTED, "Interrupted", e);
    }
  }
}
