package io.datasetfs.staging;

import java.util.LinkedHashMap;
import java.util.Map;

/** Keeps what was used last. Not thread-safe. */
final class Recent<K, V> extends LinkedHashMap<K, V> {
  private static final long serialVersionUID = 1L;

  private final int bound;

  Recent(int bound) {
    super(16, 0.75f, true);
    this.bound = bound;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > bound;
  }
}
