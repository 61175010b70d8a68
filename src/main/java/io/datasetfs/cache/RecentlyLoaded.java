package io.datasetfs.cache;

import io.datasetfs.model.Digest;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

/**
 * The values that were loaded last, whatever the cache's policy thinks of them. That policy resists
 * scans by turning newcomers away, also a block that many small files share and that is asked for
 * again at once, or one that was loaded ahead and not asked for yet: measured, a stream of small
 * files beside a hot set loaded each block four times. Thread-safe.
 *
 * @param <V> the values
 */
final class RecentlyLoaded<V> {
  private final Map<Digest, V> values = new ConcurrentHashMap<>();
  private final long maxBytes;
  private final ToIntFunction<V> weigher;

  // Both guarded by order.
  private final Queue<Digest> order = new ArrayDeque<>();
  private long bytes;

  RecentlyLoaded(long maxBytes, ToIntFunction<V> weigher) {
    this.maxBytes = maxBytes;
    this.weigher = weigher;
  }

  V find(Digest key) {
    return values.get(key);
  }

  /** Adds a value; the oldest leave for it. */
  void add(Digest key, V value) {
    synchronized (order) {
      if (values.put(key, value) == null) {
        order.add(key);
        bytes += weigher.applyAsInt(value);
      }
      while (bytes > maxBytes) {
        V oldest = values.remove(order.remove());
        bytes -= weigher.applyAsInt(oldest);
      }
    }
  }

  /** Forgets a value. */
  void remove(Digest key) {
    synchronized (order) {
      V value = values.remove(key);
      if (value != null) {
        order.remove(key);
        bytes -= weigher.applyAsInt(value);
      }
    }
  }
}
