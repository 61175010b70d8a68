package io.datasetfs.commit;

import io.datasetfs.format.PackBuilder;
import io.datasetfs.format.PackLayout;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.store.ObjectStat;
import io.datasetfs.store.ObjectStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stores finished packs, a few at a time. A pack of pages waits until everything that was given
 * before it is confirmed: so a stored page never points to something that isn't, wherever an import
 * is cut off, and later imports may use every page that they find. To be used by one thread.
 */
final class PackUploader implements AutoCloseable {
  /** Each ends with a look at what is there, which waits until the store answers again. */
  private static final int MAX_TRIES = 4;

  private final ObjectStore store;
  private final DatasetId dataset;
  private final ExecutorService threads;
  private final Semaphore room;
  private final AtomicLong storedBytes = new AtomicLong();
  private List<Future<?>> earlier = new ArrayList<>();

  /**
   * @param parallel how many packs of file contents to send at once
   */
  PackUploader(ObjectStore store, DatasetId dataset, int parallel) {
    this.store = store;
    this.dataset = dataset;
    this.room = new Semaphore(parallel);
    this.threads = Executors.newFixedThreadPool(parallel, new NamedThreads("dsfs-upload"));
  }

  /** Bytes that were stored and confirmed. */
  long storedBytes() {
    return storedBytes.get();
  }

  /** Takes a pack of file contents; waits while too many are under way. */
  void uploadData(PackBuilder pack) throws FsException {
    List<ByteBuffer> content = pack.finish();
    takeRoom();
    earlier.add(
        threads.submit(
            () -> {
              try {
                put(pack, content);
              } finally {
                room.release();
              }
              return null;
            }));
    dropFinished();
  }

  /** Takes a pack of pages, and waits until all before it and it itself are confirmed. */
  void uploadTree(PackBuilder pack) throws FsException {
    confirmAll();
    put(pack, pack.finish());
  }

  /** Waits until everything is confirmed. */
  void confirmAll() throws FsException {
    List<Future<?>> all = earlier;
    earlier = new ArrayList<>();
    for (Future<?> upload : all) {
      await(upload);
    }
  }

  private void dropFinished() throws FsException {
    List<Future<?>> unfinished = new ArrayList<>();
    for (Future<?> upload : earlier) {
      if (upload.isDone()) {
        await(upload);
      } else {
        unfinished.add(upload);
      }
    }
    earlier = unfinished;
  }

  private void takeRoom() throws FsException {
    try {
      room.acquire();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static void await(Future<?> upload) throws FsException {
    try {
      upload.get();
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (ExecutionException e) {
      throw Failures.rethrow(e);
    } catch (CancellationException e) {
      throw new FsException(FailureKind.INTERRUPTED, "The upload was cancelled", e);
    }
  }

  private static FsException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new FsException(FailureKind.INTERRUPTED, "Interrupted", cause);
  }

  private void put(PackBuilder pack, List<ByteBuffer> content) throws FsException {
    String key = PackLayout.key(dataset, pack.id());
    long size = content.stream().mapToLong(ByteBuffer::remaining).sum();
    // The id is ours alone: if the key is taken, an earlier attempt of this very write took it.
    boolean stored = tryPut(key, content) || isStored(key, size);
    for (int tries = 2; !stored && tries <= MAX_TRIES; tries++) {
      stored = tryPut(key, content) || isStored(key, size);
    }
    if (!stored) {
      throw new FsException(
          FailureKind.IO,
          "%s in %s could not be stored (import again: what was stored is used)"
              .formatted(key, store.location()));
    }
    storedBytes.addAndGet(size);
  }

  /** Returns whether the pack is stored; if not, it may be all the same. */
  private boolean tryPut(String key, List<ByteBuffer> content) throws FsException {
    try {
      return store.putIfAbsent(key, content).isPresent();
    } catch (FsException e) {
      if (e.kind() != FailureKind.STATE_UNKNOWN) {
        throw e;
      }
      return false;
    }
  }

  private boolean isStored(String key, long size) throws FsException {
    Optional<ObjectStat> found = store.stat(key);
    if (found.isPresent() && found.get().size() != size) {
      throw new FsException(
          FailureKind.CORRUPT, "%s in %s is not what was stored".formatted(key, store.location()));
    }
    return found.isPresent();
  }

  @Override
  public void close() {
    Failures.shutDown(threads);
  }
}
