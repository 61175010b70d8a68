package io.datasetfs.read.fetch;

/**
 * Whether a store has been failing for so long that nobody need wait for it. Times are nanoseconds
 * by one clock. Guarded by the lock of the store's queue.
 */
final class Outage {
  private final long patience;
  private boolean failing;
  private long since;
  private boolean hasAnswered;
  private long lastAnswer;

  /**
   * @param patience for how long a store may fail before it counts as down
   */
  Outage(long patience) {
    this.patience = patience;
  }

  /** The store gave an answer, whatever it was. */
  void answered(long now) {
    failing = false;
    hasAnswered = true;
    lastAnswer = now;
  }

  /**
   * A try failed, or was given up.
   *
   * @param begun when it began; what was answered since then counts all the same
   */
  void failed(long begun) {
    long from = hasAnswered && lastAnswer - begun > 0 ? lastAnswer : begun;
    if (!failing || from - since < 0) {
      since = from;
    }
    failing = true;
  }

  /** Whether the store has given no answer for longer than the patience. */
  boolean isDown(long now) {
    return failing && now - since >= patience;
  }

  /** For how long it has been failing. */
  long length(long now) {
    return failing ? now - since : 0;
  }
}
