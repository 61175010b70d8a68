package io.datasetfs.read.fetch;

import io.datasetfs.format.BlockCodec;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.store.ObjectStore;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Fetches blocks from one store. Every block that somebody wants is one request here, from when it
 * is first wanted until it has landed. Thread-safe; nothing remote happens under its lock.
 */
final class StoreQueue implements Flights.Crew {
  private static final System.Logger LOG = System.getLogger(StoreQueue.class.getName());

  /**
   * What the blocks of one request to the store may take in memory: little where a reader waits,
   * who may want only one of them, and more where somebody reads on. Larger ones save processor on
   * both sides; smaller ones use more connections, each of which may be slow.
   */
  private static final long DEMANDED_TOGETHER = 2 << 20;

  private static final long WISHED_TOGETHER = 16 << 20;

  /** The part of the byte budget, and of the slots, that wishes leave to readers that wait. */
  private static final double WISHES_SHARE = 0.75;

  private static final int MOST_WISHES = 4096;

  private final ByteBudget budget;
  private final LongSupplier nanos;
  private final Consumer<StoreQueue> bytesFreed;
  private final long deadline;
  private final Object lock = new Object();

  // All guarded by the lock.
  private final Map<BlockRequest.Key, BlockRequest> requests = new HashMap<>();
  private final RequestQueue queue = new RequestQueue();
  private final Flights flights;
  private final Admission admission;
  private long bytesTaken;
  private boolean starved;
  private boolean closed;

  StoreQueue(
      ObjectStore store,
      FetchSettings settings,
      ByteBudget budget,
      ScheduledExecutorService clock,
      LongSupplier nanos,
      ThreadFactory threads,
      Consumer<StoreQueue> bytesFreed) {
    this.budget = budget;
    this.nanos = nanos;
    this.bytesFreed = bytesFreed;
    this.deadline = settings.deadline().toNanos();
    this.admission = new Admission(deadline);
    this.flights = new Flights(store, lock, settings, admission, this, clock, nanos, threads);
  }

  /** Waits for a block. Failures are those of {@link RemoteBlocks#load}. */
  byte[] load(RemoteBlocks source, BlockRef ref) throws FsException {
    BlockRequest request;
    synchronized (lock) {
      byte[] landed = source.landing().find(ref);
      if (landed != null) {
        return landed;
      }
      request = join(source, ref);
    }
    long begun = nanos.getAsLong();
    try {
      synchronized (lock) {
        changed();
      }
      byte[] raw = BlockWait.await(request.answer(), begun + deadline, nanos);
      if (raw == null) {
        throw expired(request, begun);
      }
      if (request.source() != source) {
        source.landing().land(ref, raw);
      }
      return raw;
    } catch (FsException e) {
      if (e.kind() == FailureKind.UNAVAILABLE) {
        synchronized (lock) {
          admission.disappointed(request, begun, nanos.getAsLong());
        }
      }
      throw e;
    } finally {
      leave(request);
    }
  }

  private BlockRequest join(RemoteBlocks source, BlockRef ref) throws FsException {
    requireOpen();
    BlockRequest.Key key = new BlockRequest.Key(source.dataset(), ref);
    BlockRequest known = requests.get(key);
    BlockRequest request = known == null ? new BlockRequest(source, ref) : known;
    long now = nanos.getAsLong();
    admission.requireNotRefused(request, now);
    if (known == null) {
      admission.admit(request, now);
      requests.put(key, request);
    }
    request.join();
    bringForward(request);
    return request;
  }

  /** Nobody is to wait for much that others only wish: what comes far behind goes on its own. */
  private void bringForward(BlockRequest request) {
    Flight flight = request.flight();
    if (flight != null && flight.before(request) > DEMANDED_TOGETHER && flight.take(request)) {
      give(request.bytes());
      request.board(null);
    }
    if (request.flight() == null) {
      queue.add(request);
    }
  }

  private FsException expired(BlockRequest request, long begun) {
    synchronized (lock) {
      return admission.expired(request, begun);
    }
  }

  private void leave(BlockRequest request) {
    synchronized (lock) {
      request.leave();
      if (request.isWanted() || requests.get(request.key()) != request) {
        return;
      }
      if (request.flight() == null) {
        discard(request);
      } else {
        flights.giveUpUnlessWanted(request.flight());
      }
      changed();
    }
  }

  /** Wishes for blocks. */
  void ahead(RemoteBlocks source, List<BlockRef> refs, Wish wish) {
    synchronized (lock) {
      if (closed || admission.isDown(nanos.getAsLong())) {
        return;
      }
      for (BlockRef ref : refs) {
        wish(source, ref, wish);
      }
      changed();
    }
  }

  private void wish(RemoteBlocks source, BlockRef ref, Wish wish) {
    BlockRequest.Key key = new BlockRequest.Key(source.dataset(), ref);
    BlockRequest request = requests.get(key);
    if (request != null) {
      request.wish(wish);
      return;
    }
    boolean possible = ref.storedLength() <= BlockCodec.MAX_BYTES;
    if (!possible || queue.wishes() >= MOST_WISHES || source.landing().find(ref) != null) {
      return;
    }
    request = new BlockRequest(source, ref);
    request.wish(wish);
    requests.put(key, request);
    queue.add(request);
  }

  @Override
  public boolean wantsMore() {
    return !queue.isEmpty();
  }

  /** Starts what may be started. Called under the lock after every change. */
  @Override
  public void changed() {
    starved = false;
    for (BlockRequest first = queue.first(); first != null && !closed; first = queue.first()) {
      if (!first.isWanted()) {
        discard(first);
        continue;
      }
      boolean demanded = first.isDemanded();
      double share = demanded ? 1 : WISHES_SHARE;
      if (!flights.hasRoom(share)) {
        return;
      }
      long free = bytesTaken == 0 ? Long.MAX_VALUE : budget.free(share);
      if (first.bytes() > free) {
        starved = true;
        return;
      }
      long together = demanded ? DEMANDED_TOGETHER : WISHED_TOGETHER;
      fly(new Flight(queue.around(first, Math.min(free, together))));
    }
  }

  private void fly(Flight flight) {
    for (BlockRequest request : flight.left()) {
      queue.remove(request);
      request.board(flight);
      take(request.bytes());
    }
    flights.begin(flight);
  }

  @Override
  public void arrived(BlockRequest request, ByteBuffer stored) {
    try {
      land(request, BlockCodec.decode(request.ref(), stored));
    } catch (FsException e) {
      fail(request, e);
    } catch (Throwable e) {
      LOG.log(Level.ERROR, "unexpected failure of " + request.ref(), e);
      fail(request, new FsException(FailureKind.IO, "unexpected failure: " + e, e));
    } finally {
      settled(request);
    }
  }

  @Override
  public void failed(BlockRequest request, FsException failure) {
    try {
      fail(request, failure);
    } finally {
      settled(request);
    }
  }

  private void settled(BlockRequest request) {
    synchronized (lock) {
      give(request.bytes());
      changed();
    }
    bytesFreed.accept(this);
  }

  private void land(BlockRequest request, byte[] raw) {
    request.source().landing().land(request.ref(), raw);
    synchronized (lock) {
      forget(request);
    }
    if (request.doubt() != null) {
      request.source().failures().recovered(request.ref(), request.doubt());
    }
    request.answer().complete(raw);
  }

  private void fail(BlockRequest request, FsException failure) {
    synchronized (lock) {
      if (failure.kind() == FailureKind.CORRUPT && request.doubt() == null && request.isWanted()) {
        request.doubt(failure);
        request.board(null);
        queue.add(request);
        changed();
        return;
      }
      forget(request);
    }
    request
        .answer()
        .completeExceptionally(request.source().failures().failed(request.ref(), failure));
  }

  /** Lets a queued request go that nobody wants. */
  private void discard(BlockRequest request) {
    queue.remove(request);
    forget(request);
    request
        .answer()
        .completeExceptionally(new FsException(FailureKind.INTERRUPTED, "nobody wants it"));
  }

  private void forget(BlockRequest request) {
    requests.remove(request.key(), request);
    admission.settled(request);
  }

  /** What is still wanted of a flight that was given up is queued again. */
  @Override
  public void gaveUp(Flight flight) {
    for (BlockRequest request : flight.takeLeft()) {
      give(request.bytes());
      request.board(null);
      if (request.isWanted()) {
        queue.add(request);
      } else {
        discard(request);
      }
    }
  }

  private void take(long bytes) {
    bytesTaken += bytes;
    budget.take(bytes);
  }

  private void give(long bytes) {
    bytesTaken -= bytes;
    budget.give(bytes);
  }

  /** Another store has freed bytes of the budget. */
  void bytesFreed() {
    synchronized (lock) {
      if (starved) {
        changed();
      }
    }
  }

  private void requireOpen() throws FsException {
    if (closed) {
      throw new FsException(FailureKind.INTERRUPTED, "nothing is fetched any more");
    }
  }

  boolean isQuiet() {
    synchronized (lock) {
      return requests.isEmpty() && flights.isQuiet();
    }
  }

  /** Ends everything. */
  void close() {
    List<BlockRequest> left;
    synchronized (lock) {
      closed = true;
      flights.close();
      left = List.copyOf(requests.values());
      requests.clear();
    }
    FsException end = new FsException(FailureKind.INTERRUPTED, "nothing is fetched any more");
    left.forEach(request -> request.answer().completeExceptionally(end));
  }
}
