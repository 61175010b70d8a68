package io.datasetfs.commit;

import io.datasetfs.format.PackIndex;
import io.datasetfs.format.PackKind;
import io.datasetfs.format.PackLayout;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.Digest;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.PackId;
import io.datasetfs.store.ObjectStat;
import io.datasetfs.store.ObjectStore;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * What a dataset has stored already: the chunks and pages of all its packs, read from their
 * indexes. Packs that an interrupted import left behind are among them, which is how its next try
 * gets ahead.
 */
final class StoredChunks {
  private static final System.Logger LOG = System.getLogger(StoredChunks.class.getName());

  /** How much is fetched from a pack's end at first; the indexes of most packs fit. */
  private static final int FIRST_FETCH = 64 << 10;

  private final ChunkTable chunks = new ChunkTable();
  private final ChunkTable pages = new ChunkTable();

  private final ObjectStore store;
  private final KeptIndexes kept;

  private StoredChunks(ObjectStore store, KeptIndexes kept) {
    this.store = store;
    this.kept = kept;
  }

  ChunkTable chunks() {
    return chunks;
  }

  ChunkTable pages() {
    return pages;
  }

  /** Reads the indexes of all packs of {@code dataset}. */
  static StoredChunks load(ObjectStore store, DatasetId dataset, StoreAccess access)
      throws FsException {
    List<ObjectStat> packs = new ArrayList<>();
    store.list(
        PackLayout.prefix(dataset),
        object -> {
          if (isPack(dataset, object)) {
            packs.add(object);
          }
        });
    // A fixed order: where two packs hold the same chunk, every import picks the same one.
    packs.sort(Comparator.comparing(ObjectStat::key));
    KeptIndexes kept = KeptIndexes.open(access.indexes(), store.location(), dataset);
    StoredChunks stored = new StoredChunks(store, kept);
    stored.addAll(packs, access.indexReads());
    kept.retain(packs.stream().map(StoredChunks::nameOf).collect(Collectors.toSet()));
    return stored;
  }

  private void addAll(List<ObjectStat> packs, int parallel) throws FsException {
    // Bounds the indexes that are held at a time; taken apart they need a fraction of the memory.
    int ahead = 2 * parallel;
    ExecutorService threads =
        Executors.newFixedThreadPool(parallel, new NamedThreads("dsfs-index"));
    try {
      Deque<Future<PackIndex>> loads = new ArrayDeque<>();
      for (ObjectStat pack : packs) {
        loads.add(threads.submit(() -> loadIndex(pack)));
        if (loads.size() == ahead) {
          add(loads.remove().get());
        }
      }
      for (Future<PackIndex> load : loads) {
        add(load.get());
      }
    } catch (ExecutionException e) {
      throw Failures.rethrow(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FsException(FailureKind.INTERRUPTED, "Interrupted", e);
    } finally {
      Failures.shutDown(threads);
    }
  }

  private static boolean isPack(DatasetId dataset, ObjectStat object) {
    String name = nameOf(object);
    return PackId.isValid(name)
        && object.key().equals(PackLayout.key(dataset, PackId.parse(name)))
        && object.size() > 0;
  }

  private static String nameOf(ObjectStat object) {
    return object.key().substring(object.key().lastIndexOf('/') + 1);
  }

  /**
   * The index of a pack, or {@code null} when it is of no use: what it holds is then stored again.
   */
  private PackIndex loadIndex(ObjectStat pack) throws FsException {
    PackId id = PackId.parse(nameOf(pack));
    PackIndex known = kept.find(id, pack.size());
    if (known != null) {
      return known;
    }
    try {
      int first = (int) Math.min(pack.size(), FIRST_FETCH);
      ByteBuffer end = store.getRange(pack.key(), pack.size() - first, first);
      byte[] trailerBytes = new byte[Math.min(first, PackLayout.TRAILER_BYTES)];
      end.get(end.limit() - trailerBytes.length, trailerBytes);
      PackLayout.Trailer trailer = PackLayout.readTrailer(id, trailerBytes, pack.size());
      long indexAt = trailer.indexOffset() - (pack.size() - first);
      byte[] encoded = new byte[trailer.indexLength()];
      if (indexAt >= 0) {
        end.get((int) indexAt, encoded);
      } else {
        store.getRange(pack.key(), trailer.indexOffset(), encoded.length).get(encoded);
      }
      Optional<PackIndex> index = PackLayout.findIndex(id, trailer, encoded);
      if (index.isEmpty()) {
        // Damaged, or of a newer format: the header tells.
        byte[] header = new byte[PackLayout.HEADER_BYTES];
        store.getRange(pack.key(), 0, header.length).get(header);
        return PackLayout.readIndex(id, header, trailer, encoded);
      }
      kept.add(id, encoded, trailerBytes);
      return index.get();
    } catch (FsException e) {
      if (e.kind() == FailureKind.CORRUPT || e.kind() == FailureKind.NOT_FOUND) {
        LOG.log(
            System.Logger.Level.WARNING,
            "{0} in {1} is not used: {2}",
            pack.key(),
            store.location(),
            e.getMessage());
        return null;
      }
      throw e;
    }
  }

  private void add(PackIndex index) {
    if (index == null) {
      return;
    }
    ChunkTable table = index.kind() == PackKind.TREE ? pages : chunks;
    for (PackIndex.Block block : index.blocks()) {
      BlockSlot slot = new BlockSlot(block.ref());
      int offset = 0;
      for (PackIndex.Chunk chunk : block.chunks()) {
        Digest digest = chunk.digest();
        table.claim(digest, slot, offset, chunk.length());
        offset += chunk.length();
      }
    }
  }
}
