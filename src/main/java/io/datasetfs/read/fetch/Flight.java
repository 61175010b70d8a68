package io.datasetfs.read.fetch;

import io.datasetfs.model.BlockRef;
import java.util.ArrayList;
import java.util.List;

/**
 * Blocks that follow one another in an object and are fetched by one request to the store, or by
 * two when the first takes long. Guarded by the lock of the store's queue.
 */
final class Flight {
  private final List<BlockRequest> requests;
  private final List<Attempt> attempts = new ArrayList<>(1);
  private final long bytes;

  /** A request to the store. */
  static final class Attempt {
    private final Flight flight;
    private final long begun;
    private long since;
    private Thread thread;
    private boolean over;

    private Attempt(Flight flight, long now) {
      this.flight = flight;
      this.begun = now;
      this.since = now;
    }

    Flight flight() {
      return flight;
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

    /** Ends it, whatever becomes of it. */
    void end() {
      over = true;
      if (thread != null) {
        thread.interrupt();
      }
    }
  }

  Flight(List<BlockRequest> requests) {
    this.requests = requests;
    this.bytes = requests.stream().mapToLong(BlockRequest::bytes).sum();
  }

  List<BlockRequest> requests() {
    return requests;
  }

  /** Those that do not have their answer yet. */
  List<Attempt> attempts() {
    return attempts;
  }

  Attempt begin(long now) {
    Attempt attempt = new Attempt(this, now);
    attempts.add(attempt);
    return attempt;
  }

  /** What it takes in memory. */
  long bytes() {
    return bytes;
  }

  long offset() {
    return requests.get(0).begin();
  }

  int length() {
    return Math.toIntExact(requests.get(requests.size() - 1).end() - offset());
  }

  /** The key of the object. */
  String key() {
    BlockRef first = requests.get(0).ref();
    return requests.get(0).source().keyOf(first);
  }

  boolean isWanted() {
    return requests.stream().anyMatch(BlockRequest::isWanted);
  }

  /** For how long it has been under way. */
  long age(long now) {
    return now - attempts.get(0).begun();
  }
}
