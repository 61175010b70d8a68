package io.datasetfs.daemon;

import io.datasetfs.cache.DiskCache;
import io.datasetfs.cache.DiskCacheSettings;
import io.datasetfs.catalog.Catalog;
import io.datasetfs.catalog.Dataset;
import io.datasetfs.fs.ReaderSource;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.read.DatasetReader;
import io.datasetfs.read.ReadCaches;
import io.datasetfs.read.fetch.FetchSettings;
import io.datasetfs.read.fetch.Fetcher;
import io.datasetfs.store.ObjectStore;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The readers of a process and what they share: memory, the engine that fetches, and a disk cache
 * for what is far away. A directory of this machine is as near as the cache would be, so it is read
 * straight; where there are no other providers the cache is never opened. Thread-safe.
 */
public final class DatasetReaders implements AutoCloseable {
  private final DiskCacheSettings cacheSettings;
  private final ReadCaches near = ReadCaches.withDefaults();
  private final Fetcher fetcher;

  // Guarded by this.
  private DiskCache cache;
  private boolean closed;

  /**
   * @param options what the user chose
   * @param usual the cache's directory where he chose none
   */
  public DatasetReaders(ReadOptions options, Path usual) {
    this.cacheSettings = options.cache(usual);
    FetchSettings fetching = FetchSettings.defaults();
    this.fetcher = new Fetcher(options.readTimeout().map(fetching::withDeadline).orElse(fetching));
  }

  /**
   * Opens a reader.
   *
   * @param store where the dataset is; to be closed after this
   */
  public DatasetReader open(Dataset dataset, ObjectStore store) {
    boolean isNear = dataset.provider().type().equals(StorageProvider.LOCAL);
    return new DatasetReader(store, dataset.id(), fetcher, isNear ? near : far());
  }

  /**
   * Gives each dataset one reader, until its provider changes.
   *
   * @param catalog has the stores
   */
  public ReaderSource of(Catalog catalog) {
    Map<ObjectStore, Map<DatasetId, DatasetReader>> known = new ConcurrentHashMap<>();
    return dataset -> {
      ObjectStore store = catalog.store(dataset);
      return known
          .computeIfAbsent(store, s -> new ConcurrentHashMap<>())
          .computeIfAbsent(dataset.id(), id -> open(dataset, store));
    };
  }

  private synchronized ReadCaches far() {
    if (cacheSettings.size().isNone() || closed) {
      return near;
    }
    if (cache == null) {
      cache = new DiskCache(cacheSettings, Clock.systemUTC());
    }
    return near.before(cache.blocks(), cache.pages());
  }

  /** Ends the fetching, then the cache. */
  @Override
  public void close() {
    fetcher.close();
    synchronized (this) {
      closed = true;
      if (cache != null) {
        cache.close();
      }
    }
  }
}
