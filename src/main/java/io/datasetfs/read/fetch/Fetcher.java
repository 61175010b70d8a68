package io.datasetfs.read.fetch;

import io.datasetfs.model.DatasetId;
import io.datasetfs.store.ObjectStore;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Fetches blocks for all readers of a process: one queue for each store, one bound of bytes for
 * all. Thread-safe.
 */
public final class Fetcher implements AutoCloseable {
  private static final int NEAR_QUEUED = 64;
  private static final int IDLE_SECONDS = 10;

  private final FetchSettings settings;
  private final LongSupplier nanos;
  private final ThreadFactory threads;
  private final ByteBudget budget;
  private final ScheduledThreadPoolExecutor clock;
  private final ThreadPoolExecutor near;

  /** Guarded by this. */
  private final IdentityHashMap<ObjectStore, StoreQueue> queues = new IdentityHashMap<>();

  /** Guarded by this. */
  private boolean closed;

  /** Fetches with the default settings. */
  public Fetcher() {
    this(FetchSettings.defaults());
  }

  /** Fetches with these settings. */
  public Fetcher(FetchSettings settings) {
    this(settings, System::nanoTime);
  }

  Fetcher(FetchSettings settings, LongSupplier nanos) {
    this(settings, nanos, new FetchThreads("dsfs-fetch-"));
  }

  /**
   * @param threads make the requests to stores
   */
  Fetcher(FetchSettings settings, LongSupplier nanos, ThreadFactory threads) {
    this.settings = settings;
    this.nanos = nanos;
    this.threads = threads;
    this.budget = new ByteBudget(settings.bytesInFlight());
    this.clock = new ScheduledThreadPoolExecutor(1, new FetchThreads("dsfs-fetch-clock-"));
    this.clock.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    // it goes on when no more threads are to be had
    this.clock.prestartCoreThread();
    int processors = Math.max(2, Runtime.getRuntime().availableProcessors());
    this.near =
        new ThreadPoolExecutor(
            processors,
            processors,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(NEAR_QUEUED),
            new FetchThreads("dsfs-near-"),
            new ThreadPoolExecutor.DiscardPolicy());
    this.near.allowCoreThreadTimeOut(true);
  }

  /**
   * The blocks of a dataset in a store.
   *
   * @param store where they are; the caller closes it, after this
   * @param landing where they go
   */
  public synchronized RemoteBlocks blocks(ObjectStore store, DatasetId dataset, Landing landing) {
    StoreQueue queue =
        queues.computeIfAbsent(
            store,
            key -> {
              StoreQueue fresh =
                  new StoreQueue(key, settings, budget, clock, nanos, threads, this::bytesFreed);
              if (closed) {
                fresh.close();
              }
              return fresh;
            });
    return new RemoteBlocks(queue, dataset, landing, new BlockFailures(store, dataset));
  }

  /**
   * Threads for what is done ahead without a storage provider. Work that finds them all busy, and
   * many in the queue, is dropped.
   */
  public Executor near() {
    return near;
  }

  private void bytesFreed(StoreQueue by) {
    for (StoreQueue queue : all()) {
      if (queue != by) {
        queue.bytesFreed();
      }
    }
  }

  private synchronized List<StoreQueue> all() {
    return new ArrayList<>(queues.values());
  }

  /** Whether nothing is queued or under way. */
  public boolean isQuiet() {
    return near.getActiveCount() == 0
        && near.getQueue().isEmpty()
        && all().stream().allMatch(StoreQueue::isQuiet);
  }

  /** Ends everything without waiting for it: who waits for a block gets INTERRUPTED. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    all().forEach(StoreQueue::close);
    clock.shutdownNow();
    near.shutdownNow();
  }
}
