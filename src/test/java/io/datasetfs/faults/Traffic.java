package io.datasetfs.faults;

import java.util.Map;
import java.util.TreeMap;

/** What went through a proxy. */
public final class Traffic {
  /**
   * Sums over requests of a kind.
   *
   * @param requests how many were begun
   * @param sent bytes of their bodies
   * @param received bytes of the answers' bodies that were passed on
   */
  public record Count(long requests, long sent, long received) {
    private Count plus(Count other) {
      return new Count(requests + other.requests, sent + other.sent, received + other.received);
    }
  }

  private final Map<String, Count> counts = new TreeMap<>();
  private int running;
  private int mostRunning;

  synchronized void begin(String kind) {
    counts.merge(kind, new Count(1, 0, 0), Count::plus);
    running++;
    mostRunning = Math.max(mostRunning, running);
  }

  synchronized void end() {
    running--;
  }

  synchronized void sent(String kind, long bytes) {
    counts.merge(kind, new Count(0, bytes, 0), Count::plus);
  }

  synchronized void received(String kind, long bytes) {
    counts.merge(kind, new Count(0, 0, bytes), Count::plus);
  }

  /** The sums by {@link S3Request#kind()}. */
  public synchronized Map<String, Count> counts() {
    return new TreeMap<>(counts);
  }

  /** The sums of one kind. */
  public synchronized Count count(String kind) {
    return counts.getOrDefault(kind, new Count(0, 0, 0));
  }

  /** How many requests there were at once, at most. */
  public synchronized int mostAtOnce() {
    return mostRunning;
  }

  /** Starts anew. */
  public synchronized void forget() {
    counts.clear();
    mostRunning = running;
  }
}
