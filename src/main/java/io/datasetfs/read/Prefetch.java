package io.datasetfs.read;

import io.datasetfs.cache.DiskTier;
import io.datasetfs.format.BlockCodec;
import io.datasetfs.format.PackLayout;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.store.ObjectStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/**
 * Brings blocks into a disk tier before anybody reads them, with few large requests, so that who
 * reads meanwhile is not starved. Cut off anywhere, it leaves whole blocks, which the next one
 * finds. Used by one thread.
 */
public final class Prefetch {
  private static final int PATIENCE_SECONDS = 60;

  private final ObjectStore store;
  private final DatasetId dataset;
  private final DiskTier tier;

  /** Fetches blocks of {@code dataset} from {@code store} into {@code tier}. */
  public Prefetch(ObjectStore store, DatasetId dataset, DiskTier tier) {
    this.store = store;
    this.dataset = dataset;
    this.tier = tier;
  }

  /**
   * Fetches what a plan lacks.
   *
   * @param parallel how many requests at once
   * @param progress told of the bytes of each block that is there; called by several threads
   * @throws FsException CORRUPT when a block is damaged, after all others are there; NO_SPACE when
   *     the tier does not keep what it is given; UNAVAILABLE, INTERRUPTED and others at once
   */
  public void run(PrefetchPlan plan, int parallel, LongConsumer progress) throws FsException {
    AtomicInteger number = new AtomicInteger();
    ExecutorService threads =
        Executors.newFixedThreadPool(
            parallel,
            task -> {
              Thread thread = new Thread(task, "dsfs-prefetch-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Future<?>> runs = new ArrayList<>();
      for (List<BlockRef> run : plan.runs()) {
        runs.add(
            threads.submit(
                () -> {
                  fetch(run, progress);
                  return null;
                }));
      }
      await(runs);
    } finally {
      shutDown(threads);
    }
  }

  private static void await(List<Future<?>> runs) throws FsException {
    FsException damage = null;
    for (Future<?> run : runs) {
      try {
        run.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new FsException(FailureKind.INTERRUPTED, "Interrupted", e);
      } catch (ExecutionException | CancellationException e) {
        if (!(e.getCause() instanceof FsException failure)) {
          throw new IllegalStateException("prefetching failed unexpectedly", e);
        }
        if (failure.kind() != FailureKind.CORRUPT && failure.kind() != FailureKind.NOT_FOUND) {
          throw failure;
        }
        damage = failure;
      }
    }
    if (damage != null) {
      throw new FsException(FailureKind.CORRUPT, damage.getMessage(), damage);
    }
  }

  private static void shutDown(ExecutorService threads) {
    threads.shutdownNow();
    try {
      // Whoever closes the store and the tier next can rely on it.
      boolean unused = threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void fetch(List<BlockRef> run, LongConsumer progress) throws FsException {
    BlockRef first = run.get(0);
    BlockRef last = run.get(run.size() - 1);
    int length = (int) (last.offset() + last.storedLength() - first.offset());
    ByteBuffer bytes = store.getRange(keyOf(first), first.offset(), length);
    FsException damage = null;
    for (BlockRef ref : run) {
      try {
        int at = (int) (ref.offset() - first.offset());
        keep(ref, decode(ref, bytes.slice(at, ref.storedLength())));
        progress.accept(ref.rawLength());
      } catch (FsException e) {
        if (e.kind() != FailureKind.CORRUPT) {
          throw e;
        }
        damage = e;
      }
    }
    if (damage != null) {
      throw damage;
    }
  }

  /** Decodes and verifies; what is not right is fetched once more. */
  private byte[] decode(BlockRef ref, ByteBuffer stored) throws FsException {
    try {
      return BlockCodec.decode(ref, stored);
    } catch (FsException e) {
      if (e.kind() != FailureKind.CORRUPT) {
        throw e;
      }
    }
    try {
      return BlockCodec.decode(ref, store.getRange(keyOf(ref), ref.offset(), ref.storedLength()));
    } catch (FsException e) {
      throw new FsException(
          e.kind(),
          "object %s in %s, block at %d: %s"
              .formatted(keyOf(ref), store.location(), ref.offset(), e.getMessage()),
          e);
    }
  }

  private void keep(BlockRef ref, byte[] raw) throws FsException {
    if (tier.keep(ref, raw)) {
      return;
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new FsException(FailureKind.INTERRUPTED, "Interrupted");
    }
    throw new FsException(
        FailureKind.NO_SPACE,
        "The disk cache does not keep what it is given: its disk is full or fails (see 'df', or"
            + " choose another with --cache-dir)");
  }

  private String keyOf(BlockRef ref) {
    return PackLayout.key(dataset, ref.pack());
  }
}
