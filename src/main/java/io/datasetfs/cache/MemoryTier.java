package io.datasetfs.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.datasetfs.model.Digest;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.ToIntFunction;

/**
 * Keeps content-addressed values in memory, bounded by the bytes they take. A value that is not
 * there is loaded once, by the thread that asks first, however many ask; no lock is held meanwhile.
 * Failures are told to all who wait and are not kept. Thread-safe.
 *
 * @param <V> the values; immutable
 */
public final class MemoryTier<V> {
  private static final double RECENT_SHARE = 0.5;

  private final Cache<Digest, V> kept;
  private final RecentlyLoaded<V> recent;
  private final Map<Digest, CompletableFuture<V>> loading = new ConcurrentHashMap<>();

  /**
   * @param maxBytes bound of the sum of all weights
   * @param weigher the bytes that a value takes
   */
  public MemoryTier(long maxBytes, ToIntFunction<V> weigher) {
    this(maxBytes, RECENT_SHARE, weigher);
  }

  /**
   * @param maxBytes bound of the sum of all weights
   * @param recentShare the part of it that belongs to the values that came last, used or not; the
   *     rest resists scans
   * @param weigher the bytes that a value takes
   */
  public MemoryTier(long maxBytes, double recentShare, ToIntFunction<V> weigher) {
    long recentBytes = (long) (maxBytes * recentShare);
    this.recent = new RecentlyLoaded<>(recentBytes, weigher);
    this.kept =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes - recentBytes)
            .weigher((Digest key, V value) -> weigher.applyAsInt(value))
            .executor(Runnable::run)
            .build();
  }

  /**
   * The value, from memory or loaded.
   *
   * @return what the loader found; {@code null} when it found nothing, which is not kept
   * @throws FsException what the loader met; INTERRUPTED when the calling thread was interrupted
   *     while another one loaded
   */
  public V get(Digest key, Loader<V> loader) throws FsException {
    while (true) {
      V value = find(key);
      if (value != null) {
        return value;
      }
      CompletableFuture<V> mine = new CompletableFuture<>();
      CompletableFuture<V> others = loading.putIfAbsent(key, mine);
      if (others == null) {
        return lead(key, mine, loader);
      }
      try {
        return others.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new FsException(FailureKind.INTERRUPTED, "interrupted while waiting for a block", e);
      } catch (ExecutionException e) {
        requireInterrupted(e);
      }
    }
  }

  /** Whether the value is in memory or on its way there. */
  public boolean holds(Digest key) {
    return loading.containsKey(key) || find(key) != null;
  }

  /** Keeps a value that came by another way than {@link #get}. */
  public void put(Digest key, V value) {
    recent.add(key, value);
    kept.put(key, value);
  }

  /** Lets a value go that nobody is expected to ask for again. */
  public void release(Digest key) {
    kept.invalidate(key);
    recent.remove(key);
  }

  /** The value if it is in memory, or {@code null}. */
  public V find(Digest key) {
    V value = kept.getIfPresent(key);
    return value != null ? value : recent.find(key);
  }

  private V lead(Digest key, CompletableFuture<V> mine, Loader<V> loader) throws FsException {
    try {
      // Another thread may have finished between our look and our entry.
      V value = find(key);
      if (value == null) {
        value = loader.load();
      }
      if (value != null) {
        put(key, value);
      }
      mine.complete(value);
      return value;
    } catch (FsException | RuntimeException | Error e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      // Only now: whoever comes later finds the value, or tries again.
      loading.remove(key, mine);
    }
  }

  /**
   * Returns only when the load ended because its own thread was interrupted: another takes over.
   */
  private static void requireInterrupted(ExecutionException e) throws FsException {
    if (e.getCause() instanceof FsException failure) {
      if (failure.kind() != FailureKind.INTERRUPTED) {
        throw new FsException(failure.kind(), failure.getMessage(), failure);
      }
      return;
    }
    throw new IllegalStateException("a loader failed unexpectedly", e.getCause());
  }

  /**
   * Brings a missing value.
   *
   * @param <V> the value
   */
  @FunctionalInterface
  public interface Loader<V> {
    /** Loads the value; {@code null} when there is none. */
    V load() throws FsException;
  }
}
