package io.datasetfs.read.fetch;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.store.ObjectStore;
import io.datasetfs.store.PartSink;
import io.datasetfs.store.Trouble;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The requests to a store that are under way: how many there may be, which are made a second time,
 * which are given up. Guarded by the lock of the store's queue, but for what runs on its threads.
 */
final class Flights {
  private static final System.Logger LOG = System.getLogger(Flights.class.getName());
  private static final int IDLE_SECONDS = 10;
  private static final long TICK_MILLIS = 50;
  private static final long LEAST_HEDGED = Duration.ofMillis(100).toNanos();

  private final ObjectStore store;
  private final Object lock;
  private final Admission admission;
  private final Crew crew;
  private final ScheduledExecutorService clock;
  private final LongSupplier nanos;
  private final int mostThreads;
  private final ThreadPoolExecutor threads;
  private final AdaptiveLimit limit;
  private final Hedging hedging = new Hedging(LEAST_HEDGED);
  private final Set<Flight> underWay = new LinkedHashSet<>();
  private int slotsTaken;
  private int threadsTaken;
  private boolean ticking;

  /** There was no thread to be had, and is not until the next tick. */
  private boolean grounded;

  private boolean complained;

  /** What becomes of flights. */
  interface Crew {
    /** Called without the lock when a block of a flight has come, once for each. */
    void arrived(BlockRequest request, ByteBuffer stored);

    /** Called without the lock for each block of a flight that has failed and did not come. */
    void failed(BlockRequest request, FsException failure);

    /** Called under the lock when a flight has been given up. */
    void gaveUp(Flight flight);

    /** Called under the lock when there may be room for others. */
    void changed();

    /** Called under the lock: whether more is wanted than is under way. */
    boolean wantsMore();
  }

  Flights(
      ObjectStore store,
      Object lock,
      FetchSettings settings,
      Admission admission,
      Crew crew,
      ScheduledExecutorService clock,
      LongSupplier nanos,
      ThreadFactory fetching) {
    this.store = store;
    this.lock = lock;
    this.admission = admission;
    this.crew = crew;
    this.clock = clock;
    this.nanos = nanos;
    this.limit = new AdaptiveLimit(settings.parallel(), settings.mostParallel());
    // those that hang whatever is done to them, and those that decode, beside those that fetch
    this.mostThreads = 2 * settings.mostParallel() + Runtime.getRuntime().availableProcessors();
    this.threads =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE, // as many as we ask for; those that are just ending come on top
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            fetching);
  }

  /**
   * Whether one more may begin.
   *
   * @param share the part of all slots that it and its like may take
   */
  boolean hasRoom(double share) {
    int slots = Math.max(1, (int) (limit.limit() * share));
    return !grounded && slotsTaken < slots && threadsTaken < mostThreads;
  }

  /** Begins a flight, or gives it up when there is no thread for it; then there is no room. */
  void begin(Flight flight) {
    underWay.add(flight);
    if (!attempt(flight)) {
      giveUp(flight);
    }
    if (!ticking) {
      ticking = true;
      tickLater();
    }
  }

  private boolean attempt(Flight flight) {
    Flight.Attempt attempt = null;
    try {
      Flight.Attempt begun = flight.begin(nanos.getAsLong());
      attempt = begun;
      slotsTaken++;
      threadsTaken++;
      threads.execute(() -> run(begun));
      complained = false;
      return true;
    } catch (RuntimeException | Error e) {
      // most likely the system's bound of threads, at which others may be as well
      if (attempt != null) {
        end(attempt);
        flight.attempts().remove(attempt);
        threadsTaken--;
      }
      grounded = true;
      if (!complained) {
        LOG.log(Level.WARNING, "there is no thread to fetch with, trying again and again: " + e);
        complained = true;
      }
      return false;
    }
  }

  private void run(Flight.Attempt attempt) {
    try {
      boolean over;
      synchronized (lock) {
        over = attempt.isOver();
        attempt.runBy(Thread.currentThread());
      }
      FsException failure = over ? null : fly(attempt);
      List<BlockRequest> failed = end(attempt, failure);
      for (BlockRequest request : failed) {
        crew.failed(request, failure);
      }
    } finally {
      synchronized (lock) {
        threadsTaken--;
        crew.changed();
      }
    }
  }

  /** Fetches, and answers what it met if it failed. */
  private FsException fly(Flight.Attempt attempt) {
    try {
      fetch(attempt);
      return null;
    } catch (FsException e) {
      return e;
    } catch (Throwable e) {
      LOG.log(Level.ERROR, "unexpected failure of a fetch", e);
      return new FsException(FailureKind.IO, "unexpected failure: " + e, e);
    }
  }

  /** The key of the object. */
  private static String key(Flight.Attempt attempt) {
    BlockRequest first = attempt.requests().get(0);
    return first.source().keyOf(first.ref());
  }

  private void fetch(Flight.Attempt attempt) throws FsException {
    List<Integer> lengths =
        attempt.requests().stream().map(request -> request.ref().storedLength()).toList();
    Iterator<BlockRequest> next = attempt.requests().iterator();
    store.getParts(
        key(attempt),
        attempt.requests().get(0).begin(),
        lengths,
        new PartSink() {
          @Override
          public void take(ByteBuffer part) throws FsException {
            arrive(attempt, next.next(), part);
          }

          @Override
          public void met(FsException failure) {
            triesAgain(attempt, failure);
          }
        });
  }

  private void arrive(Flight.Attempt attempt, BlockRequest request, ByteBuffer stored)
      throws FsException {
    synchronized (lock) {
      requireNotOver(attempt);
      long now = nanos.getAsLong();
      attempt.hear(now);
      answered(now);
      if (!attempt.flight().take(request)) {
        return; // another attempt was first, or it goes on its own
      }
      attempt.land(true);
    }
    crew.arrived(request, stored);
    synchronized (lock) {
      attempt.land(false);
      requireNotOver(attempt);
    }
  }

  private static void requireNotOver(Flight.Attempt attempt) throws FsException {
    if (attempt.isOver()) {
      throw new FsException(FailureKind.INTERRUPTED, "nobody wants it any more");
    }
  }

  /** The store's own tries go on, but what they meet counts at once. */
  private void triesAgain(Flight.Attempt attempt, FsException failure) {
    synchronized (lock) {
      if (attempt.isOver()) {
        return;
      }
      long now = nanos.getAsLong();
      admission.met(failure, now);
      if (failure instanceof Trouble trouble && trouble.isOverload()) {
        limit.overloaded(attempt.since(), now);
      }
      attempt.failed(now);
    }
  }

  /** Takes note of the end of an attempt, and tells which blocks nothing will bring any more. */
  private List<BlockRequest> end(Flight.Attempt attempt, FsException failure) {
    Flight flight = attempt.flight();
    synchronized (lock) {
      attempt.runBy(null);
      // an interrupt that came too late is not to hit what this thread does next
      Thread.interrupted();
      if (attempt.isOver()) {
        return List.of();
      }
      end(attempt);
      learn(attempt, failure);
      flight.attempts().remove(attempt);
      boolean decisive = failure == null || flight.attempts().isEmpty();
      if (!decisive) {
        return List.of();
      }
      flight.attempts().forEach(this::end);
      underWay.remove(flight);
      crew.changed();
      return flight.takeLeft();
    }
  }

  private void learn(Flight.Attempt attempt, FsException failure) {
    long now = nanos.getAsLong();
    if (failure != null && failure.kind() == FailureKind.UNAVAILABLE) {
      admission.met(failure, now);
      admission.failed(attempt.begun());
      limit.overloaded(attempt.since(), now);
      return;
    }
    answered(now);
    if (failure == null) {
      long took = now - attempt.begun();
      limit.completed(now, took, attempt.length(), crew.wantsMore());
      hedging.completed(attempt.longestSilence());
    }
  }

  private void answered(long now) {
    if (admission.isDown(now)) {
      limit.restart(now);
    }
    admission.answered(now);
  }

  private void end(Flight.Attempt attempt) {
    attempt.end();
    slotsTaken--;
  }

  /** Gives a flight up when nobody wants any block of it any more. */
  void giveUpUnlessWanted(Flight flight) {
    if (underWay.contains(flight) && flight.isInVain()) {
      giveUp(flight);
    }
  }

  private void giveUp(Flight flight) {
    flight.attempts().forEach(this::end);
    underWay.remove(flight);
    crew.gaveUp(flight);
  }

  private void tickLater() {
    try {
      Future<?> unused = clock.schedule(this::tick, TICK_MILLIS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      // closed, or left to who comes next
      ticking = false;
      grounded = false;
    }
  }

  private void tick() {
    synchronized (lock) {
      grounded = false;
      try {
        for (Flight flight : List.copyOf(underWay)) {
          lookAfter(flight);
        }
        crew.changed();
      } catch (Throwable e) {
        LOG.log(Level.ERROR, "unexpected failure", e);
      }
      ticking = grounded || !underWay.isEmpty();
      if (ticking) {
        tickLater();
      }
    }
  }

  private void lookAfter(Flight flight) {
    if (flight.left().isEmpty()) {
      return; // all has come; who brought the last of it is still busy with that
    }
    long now = nanos.getAsLong();
    if (flight.isInVain()) {
      giveUp(flight);
    } else if (flight.silence(now) >= admission.patience(now)) {
      admission.gaveUp(flight.attempts().get(0).begun(), now);
      limit.overloaded(flight.attempts().get(0).since(), now);
      giveUp(flight);
    } else if (flight.attempts().size() == 1 && hedging.pays(flight.silence(now)) && hasRoom(1)) {
      if (attempt(flight)) {
        hedging.hedged();
      }
    }
  }

  /** Whether no thread is at anything. */
  boolean isQuiet() {
    return threadsTaken == 0;
  }

  /** Ends everything. */
  void close() {
    underWay.forEach(flight -> flight.attempts().forEach(Flight.Attempt::end));
    underWay.clear();
    threads.shutdown();
  }
}
