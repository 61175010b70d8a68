package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Whose a version is for a commit: there is one at a time. Thread-safe. */
final class CommitLease {
  private final AreaDescription description;
  private final AtomicBoolean taken = new AtomicBoolean();

  CommitLease(AreaDescription description) {
    this.description = description;
  }

  /**
   * Takes it.
   *
   * @throws FsException BUSY while somebody else has it
   */
  void take() throws FsException {
    if (!taken.compareAndSet(false, true)) {
      throw new FsException(
          FailureKind.BUSY,
          "%s:%s is being committed already (wait for that)"
              .formatted(description.dataset(), description.version()));
    }
  }

  void giveBack() {
    taken.set(false);
  }
}
