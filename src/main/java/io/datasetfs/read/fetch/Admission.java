package io.datasetfs.read.fetch;

import io.datasetfs.model.FsException;
import io.datasetfs.store.Trouble;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Decides which requests are worth their wait. While a store is down one at a time is let through,
 * to find out when it is back. Guarded by the lock of the store's queue.
 */
final class Admission {
  /**
   * For how long a block that did not come is refused to who has waited at least as long: who reads
   * through the kernel asks for the same bytes twice, and is to wait once.
   */
  private static final long REFUSED = Duration.ofSeconds(1).toNanos();

  private static final int MOST_REFUSED = 256;

  /** How long the first try may take that finds out whether a store is back. */
  private static final long FIRST_TRY = Duration.ofSeconds(2).toNanos();

  private static final int TRIES = 8;

  /** Readers give up before what they wait for does. */
  private static final long GRACE = Duration.ofMillis(500).toNanos();

  private final long deadline;
  private final Outage outage;
  private final Map<BlockRequest.Key, Long> refused =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<BlockRequest.Key, Long> eldest) {
          return size() > MOST_REFUSED;
        }
      };

  /** What the last try met, if it told anything of the server. */
  private Trouble trouble;

  private long met;
  private BlockRequest probe;
  private long tryTime;

  Admission(long deadline) {
    this.deadline = deadline;
    this.outage = new Outage(deadline);
    this.tryTime = firstTry();
  }

  private long firstTry() {
    return Math.min(FIRST_TRY, deadline / TRIES);
  }

  /**
   * Lets a reader wait, also for what others are waiting for already.
   *
   * @throws FsException UNAVAILABLE when a reader has just waited in vain
   */
  void requireNotRefused(BlockRequest request, long now) throws FsException {
    Long since = refused.get(request.key());
    if (since != null && now - since < refusal()) {
      throw unavailable(request, "no answer in time, a moment ago");
    }
  }

  /**
   * Lets a new request through.
   *
   * @throws FsException UNAVAILABLE when it is not worth its wait
   */
  void admit(BlockRequest request, long now) throws FsException {
    if (!outage.isDown(now)) {
      return;
    }
    if (probe != null) {
      throw unavailable(
          request,
          "no answer from there for %d s; it is tried again and again"
                  .formatted(TimeUnit.NANOSECONDS.toSeconds(outage.length(now)))
              + lastTry(now - outage.length(now)));
    }
    probe = request;
  }

  private static FsException unavailable(BlockRequest request, String why) {
    return request.source().failures().unavailable(request.ref(), why);
  }

  /** A request is no more. */
  void settled(BlockRequest request) {
    if (probe == request) {
      probe = null;
    }
  }

  boolean isDown(long now) {
    return outage.isDown(now);
  }

  /** A try has met a failure that may pass. */
  void met(FsException failure, long now) {
    trouble = failure instanceof Trouble known ? known : null;
    met = now;
  }

  /** What there is to say of the last try, if it was made since then. */
  private String lastTry(long since) {
    return trouble == null || met - since < 0 ? "" : "; the last try: " + trouble.atServer();
  }

  /** The store answered. */
  void answered(long now) {
    trouble = null;
    outage.answered(now);
    tryTime = firstTry();
  }

  /** A try that began then failed. */
  void failed(long begun) {
    outage.failed(begun);
  }

  private long refusal() {
    return Math.min(REFUSED, deadline);
  }

  /** A reader has waited as long as he may. */
  FsException expired(BlockRequest request, long begun) {
    outage.failed(begun);
    return unavailable(
        request,
        "no answer within %d s".formatted(Math.max(1, TimeUnit.NANOSECONDS.toSeconds(deadline)))
            + lastTry(begun));
  }

  /** A reader got no block, after a wait that is not to begin anew if there was any. */
  void disappointed(BlockRequest request, long begun, long now) {
    if (now - begun >= refusal()) {
      refused.put(request.key(), now);
    }
  }

  /** How long a try may take. While the store is down they are short at first, then longer. */
  long patience(long now) {
    return outage.isDown(now) ? tryTime : deadline + GRACE;
  }

  /** A try took too long. */
  void gaveUp(long begun, long now) {
    trouble = null;
    if (outage.isDown(now)) {
      tryTime = Math.min(deadline, 2 * tryTime);
    }
    outage.failed(begun);
  }
}
