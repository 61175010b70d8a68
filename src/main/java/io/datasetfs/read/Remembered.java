package io.datasetfs.read;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * A bounded memory that forgets what was not asked for lately: when half of it is new, the older
 * half goes. For hints, which may be lost at any time. Thread-safe, without locks.
 *
 * @param <K> the keys
 * @param <V> the values
 */
final class Remembered<K, V> {
  private final int half;
  private volatile Map<K, V> young = new ConcurrentHashMap<>();
  private volatile Map<K, V> old = Map.of();

  /** Remembers up to {@code bound} values. */
  Remembered(int bound) {
    this.half = bound / 2;
  }

  /** The value, or {@code null}. */
  V find(K key) {
    V value = young.get(key);
    if (value == null) {
      value = old.get(key);
      if (value != null) {
        put(key, value);
      }
    }
    return value;
  }

  /** The value, a new one when there is none. */
  V require(K key, Supplier<V> newValue) {
    V value = find(key);
    if (value == null) {
      value = newValue.get();
      put(key, value);
    }
    return value;
  }

  void put(K key, V value) {
    Map<K, V> now = young;
    if (now.size() >= half) {
      old = now;
      now = new ConcurrentHashMap<>();
      young = now;
    }
    now.put(key, value);
  }
}
