package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.util.concurrent.locks.Condition;

/** Whether a version takes changes. Changed under the lock of {@link Metadata}. */
final class Seal {
  private final Condition changed;
  private volatile State state = State.OPEN;

  /** How many drains have begun; guarded by the lock. */
  private long drains;

  enum State {
    /** Everything goes. */
    OPEN,
    /** For a moment: who opens one more file for writing waits, all else goes. */
    DRAINING,
    /** Nothing changes. */
    SEALED
  }

  Seal(Metadata metadata) {
    this.changed = metadata.lock().newCondition();
  }

  State state() {
    return state;
  }

  /** Called with the lock. */
  void set(State next) {
    if (next == State.DRAINING) {
      drains++;
    }
    state = next;
    changed.signalAll();
  }

  /** Refuses changes. */
  void requireUnsealed() throws FsException {
    if (state == State.SEALED) {
      throw refused();
    }
  }

  /**
   * Lets one more file be opened for writing: at once, or when the drain that there is has ended.
   * The next one then is not waited for again. Called with the lock, which is given up meanwhile,
   * and before anything that is to stay true was looked at.
   */
  void awaitTurn() throws FsException {
    long met = drains;
    while (state == State.DRAINING && drains == met) {
      changed.awaitUninterruptibly();
    }
    requireUnsealed();
  }

  private static FsException refused() {
    return new FsException(FailureKind.READ_ONLY, "the version is being committed");
  }
}
