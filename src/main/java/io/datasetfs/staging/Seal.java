package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;

/** Whether a version takes changes. Changed under the lock of {@link Metadata}. */
final class Seal {
  private volatile State state = State.OPEN;

  enum State {
    /** Everything goes. */
    OPEN,
    /**
     * For a moment: what is open for writing may be written to and finished, nothing else changes.
     */
    DRAINING,
    /** Nothing changes. */
    SEALED
  }

  State state() {
    return state;
  }

  void set(State next) {
    state = next;
  }

  /** Refuses new names and new writers. */
  void requireOpen() throws FsException {
    if (state != State.OPEN) {
      throw refused();
    }
  }

  /** Refuses changes of what is not open for writing. */
  void requireOpen(boolean hasWriter) throws FsException {
    if (state == State.SEALED || (state == State.DRAINING && !hasWriter)) {
      throw refused();
    }
  }

  static FsException refused() {
    return new FsException(FailureKind.READ_ONLY, "the version is being committed");
  }
}
