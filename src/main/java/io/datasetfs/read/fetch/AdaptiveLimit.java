package io.datasetfs.read.fetch;

/**
 * How many requests to a store to have under way at once. It judges by rounds of some dozen
 * requests: while more requests bring more bytes it goes up, at first by doubling; when they do
 * not, it takes the last step back and waits before it tries again; when a round brings fewer bytes
 * and each request takes longer, and when the store says that it is overloaded, it goes down.
 * Rounds in which fewer requests were wanted than allowed say nothing about the bound. Guarded by
 * the lock of the store's queue.
 */
final class AdaptiveLimit {
  private static final int LEAST = 2;

  /** A step up, as a share of the limit. */
  private static final double STEP = 0.25;

  /** The share of a step that must come back as throughput. */
  private static final double WORTH = 0.35;

  /** What is left after a step down. */
  private static final double SHRUNK = 0.75;

  /** Rounds are not compared when their requests are of other sizes by this factor. */
  private static final double OTHER_SIZE = 1.5;

  private static final double SLOWER = 0.75;
  private static final double LATER = 1.3;
  private static final int MOST_REST = 16;

  private final int first;
  private final int most;
  private int limit;
  private boolean exploring = true;
  private boolean hasShrunk;
  private long shrunk;

  // the round under way
  private boolean begun;
  private long beginning;
  private int requests;
  private int full;
  private long bytes;
  private long took;

  // what is known
  private Round before;
  private int stepped;
  private int rest;
  private int nextRest = 2;

  /** What a round told. */
  private record Round(double rate, double latency, double size) {
    boolean isLike(Round other) {
      return size < other.size * OTHER_SIZE && other.size < size * OTHER_SIZE;
    }
  }

  /**
   * @param first the limit to begin with
   * @param most the largest one
   */
  AdaptiveLimit(int first, int most) {
    this.first = first;
    this.limit = first;
    this.most = most;
  }

  /** How many requests may be under way. */
  int limit() {
    return limit;
  }

  /**
   * Notes a request that was answered.
   *
   * @param now nanoseconds, by any clock
   * @param nanos how long it took
   * @param size what it brought
   * @param wasFull whether there were as many requests under way as allowed, and more wanted
   */
  void completed(long now, long nanos, long size, boolean wasFull) {
    if (!begun) {
      begun = true;
      beginning = now - nanos;
    }
    requests++;
    bytes += size;
    took += nanos;
    full += wasFull ? 1 : 0;
    if (requests >= Math.max(16, 2 * limit)) {
      judge(now);
    }
  }

  /**
   * Notes that the store was overloaded, or did not answer. Of requests that were under way
   * together one counts: all of them met the same.
   *
   * @param begun when the request began
   */
  void overloaded(long begun, long now) {
    if (hasShrunk && begun - shrunk < 0) {
      return;
    }
    hasShrunk = true;
    shrunk = now;
    shrink();
    startRound(now);
  }

  /** Begins anew: what was learned is about a store that was down. */
  void restart(long now) {
    limit = first;
    exploring = true;
    before = null;
    stepped = 0;
    rest = 0;
    startRound(now);
  }

  private void judge(long now) {
    double elapsed = Math.max(1, now - beginning);
    Round round = new Round(bytes / elapsed, (double) took / requests, (double) bytes / requests);
    boolean wasFull = full > requests / 2;
    startRound(now);
    if (!wasFull) {
      stepped = 0;
      before = null;
      return;
    }
    if (before == null || !round.isLike(before)) {
      stepped = 0;
      before = round;
      return;
    }
    if (stepped > 0) {
      double gain = round.rate / before.rate - 1;
      double wanted = WORTH * stepped / (limit - stepped);
      if (gain < wanted) {
        limit -= stepped;
        stepped = 0;
        exploring = false;
        rest = nextRest;
        nextRest = Math.min(MOST_REST, 2 * nextRest);
        before = null;
        return;
      }
      nextRest = 2;
    } else if (round.rate < SLOWER * before.rate && round.latency > LATER * before.latency) {
      shrink();
      return;
    }
    before = round;
    grow();
  }

  private void grow() {
    stepped = 0;
    if (rest > 0) {
      rest--;
      return;
    }
    int grown = Math.min(most, limit + Math.max(1, exploring ? limit : (int) (limit * STEP)));
    stepped = grown - limit;
    limit = grown;
  }

  private void shrink() {
    limit = Math.max(Math.min(LEAST, limit), (int) (limit * SHRUNK));
    stepped = 0;
    exploring = false;
    before = null;
    rest = nextRest;
  }

  private void startRound(long now) {
    begun = true;
    beginning = now;
    requests = 0;
    full = 0;
    bytes = 0;
    took = 0;
  }
}
