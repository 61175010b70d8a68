package io.datasetfs.read.fetch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * The requests of a store that are not under way yet: those that readers wait for before those that
 * are only wished, each kind in the order of asking. Guarded by the lock of the store's queue.
 */
final class RequestQueue {
  /** Bound of what goes together with a request that comes after it. */
  private static final long MOST_BEFORE = 2 << 20;

  private final Set<BlockRequest> demanded = new LinkedHashSet<>();
  private final Set<BlockRequest> wished = new LinkedHashSet<>();

  /** Those that may go together with their neighbours, by where they begin in their object. */
  private final Map<BlockRequest.Place, NavigableMap<Long, BlockRequest>> places = new HashMap<>();

  /** Adds a request, or moves one that has come to be waited for. */
  void add(BlockRequest request) {
    if (request.isDemanded()) {
      wished.remove(request);
      demanded.add(request);
    } else {
      wished.add(request);
    }
    if (request.doubt() == null) {
      places
          .computeIfAbsent(request.place(), place -> new TreeMap<>())
          .put(request.begin(), request);
    }
  }

  void remove(BlockRequest request) {
    demanded.remove(request);
    wished.remove(request);
    NavigableMap<Long, BlockRequest> neighbours = places.get(request.place());
    if (neighbours != null) {
      neighbours.remove(request.begin(), request);
      if (neighbours.isEmpty()) {
        places.remove(request.place());
      }
    }
  }

  boolean isEmpty() {
    return demanded.isEmpty() && wished.isEmpty();
  }

  /** How many are only wished. */
  int wishes() {
    return wished.size();
  }

  /** The request whose turn it is, or {@code null}. */
  BlockRequest first() {
    if (!demanded.isEmpty()) {
      return demanded.iterator().next();
    }
    return wished.isEmpty() ? null : wished.iterator().next();
  }

  /**
   * A queued request and those of its neighbours that follow one another without a gap, in the
   * order of their places. They stay queued.
   *
   * @param most bound of what all of them take in memory; the request itself may exceed it
   */
  List<BlockRequest> around(BlockRequest request, long most) {
    Deque<BlockRequest> together = new ArrayDeque<>();
    together.add(request);
    NavigableMap<Long, BlockRequest> neighbours = places.get(request.place());
    if (request.doubt() != null || neighbours == null) {
      return List.of(request);
    }
    long bytes = request.bytes();
    BlockRequest next = neighbours.get(request.end());
    while (next != null && next.isWanted() && bytes + next.bytes() <= most) {
      together.addLast(next);
      bytes += next.bytes();
      next = next.end() > next.begin() ? neighbours.get(next.end()) : null;
    }
    // blocks come in the order of their places: what is wanted first waits for those before it
    long withBefore = Math.min(most, bytes + MOST_BEFORE);
    Map.Entry<Long, BlockRequest> before = neighbours.lowerEntry(request.begin());
    while (before != null
        && before.getValue().end() == together.getFirst().begin()
        && before.getValue().isWanted()
        && bytes + before.getValue().bytes() <= withBefore) {
      together.addFirst(before.getValue());
      bytes += before.getValue().bytes();
      before = neighbours.lowerEntry(before.getKey());
    }
    return List.copyOf(together);
  }
}
