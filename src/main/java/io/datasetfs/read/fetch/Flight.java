package io.datasetfs.read.fetch;

import java.util.ArrayList;
import java.util.List;

/**
 * Blocks that follow one another in an object and are fetched by one request to the store, or by
 * two when the first takes long. Guarded by the lock of the store's queue.
 */
final class Flight {
  private final List<BlockRequest> left;
  private final List<Attempt> attempts = new ArrayList<>(1);
  private long heard;

  /** A request to the store. */
  static final class Attempt {
    private final Flight flight;
    private final List<BlockRequest> requests;
    private final long begun;
    private long heard;
    private long longestSilence;
    private long since;
    private Thread thread;
    private boolean landing;
    private boolean over;

    private Attempt(Flight flight, long now) {
      this.flight = flight;
      this.requests = List.copyOf(flight.left);
      this.begun = now;
      this.heard = now;
      this.since = now;
    }

    Flight flight() {
      return flight;
    }

    /** What it brings. */
    List<BlockRequest> requests() {
      return requests;
    }

    /** How much it brings. */
    long length() {
      return requests.get(requests.size() - 1).end() - requests.get(0).begin();
    }

    /** Takes note of a block that came. */
    void hear(long now) {
      longestSilence = Math.max(longestSilence, now - heard);
      heard = now;
      flight.heard = now;
    }

    /** The longest time for which nothing came. */
    long longestSilence() {
      return longestSilence;
    }

    /** When it began. */
    long begun() {
      return begun;
    }

    /** When the last try began at the earliest: the store may be asked more than once. */
    long since() {
      return since;
    }

    /** Takes note that a try has failed and is made again. */
    void failed(long now) {
      since = now;
    }

    /** Whether nobody waits for it any more. */
    boolean isOver() {
      return over;
    }

    /** Notes the thread that runs it; {@code null} once it has its answer. */
    void runBy(Thread runner) {
      thread = runner;
    }

    /** Notes whether it is busy with a block that has come, which it is not to be torn from. */
    void land(boolean begins) {
      landing = begins;
    }

    /** Ends it, whatever becomes of it. */
    void end() {
      over = true;
      if (thread != null && !landing) {
        thread.interrupt();
      }
    }
  }

  Flight(List<BlockRequest> requests) {
    this.left = new ArrayList<>(requests);
  }

  /** What has not come yet, in the order of its places. */
  List<BlockRequest> left() {
    return left;
  }

  /** Takes a block that has come; whether it is the first time that it comes. */
  boolean take(BlockRequest request) {
    return left.remove(request);
  }

  /** What is to come before a block, in bytes of memory; 0 when it has come. */
  long before(BlockRequest request) {
    int place = left.indexOf(request);
    return left.subList(0, Math.max(0, place)).stream().mapToLong(BlockRequest::bytes).sum();
  }

  /** Takes all that has not come and will not. */
  List<BlockRequest> takeLeft() {
    List<BlockRequest> taken = List.copyOf(left);
    left.clear();
    return taken;
  }

  /** Those that do not have their answer yet. */
  List<Attempt> attempts() {
    return attempts;
  }

  Attempt begin(long now) {
    Attempt attempt = new Attempt(this, now);
    if (attempts.isEmpty()) {
      heard = now;
    }
    attempts.add(attempt);
    return attempt;
  }

  /** Whether there is something left to come, and nobody wants any of it. */
  boolean isInVain() {
    return !left.isEmpty() && left.stream().noneMatch(BlockRequest::isWanted);
  }

  /** For how long nothing of it has come. */
  long silence(long now) {
    return now - heard;
  }
}
