package io.datasetfs.read;

import io.datasetfs.format.PackIndex;
import io.datasetfs.format.PackLayout;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.Digest;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.PackId;
import io.datasetfs.store.ObjectStat;
import io.datasetfs.store.ObjectStore;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Checks blocks against the index of their pack, which later imports trust when they look for
 * chunks that are stored already. Used by one thread.
 */
final class PackAudit {
  private static final int KEPT_INDEXES = 64;

  private final ObjectStore store;
  private final DatasetId dataset;
  private final Map<PackId, Map<Long, PackIndex.Block>> indexes =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<PackId, Map<Long, PackIndex.Block>> eldest) {
          return size() > KEPT_INDEXES;
        }
      };

  PackAudit(ObjectStore store, DatasetId dataset) {
    this.store = store;
    this.dataset = dataset;
  }

  /**
   * Checks that the index of the block's pack tells the same of the block as {@code ref}, and the
   * chunks that the block consists of.
   *
   * @return {@code raw}
   * @throws FsException CORRUPT when it does not
   */
  byte[] requireIndexed(BlockRef ref, byte[] raw) throws FsException {
    PackIndex.Block block = index(ref.pack()).get(ref.offset());
    if (block == null || !block.ref().equals(ref)) {
      throw damaged(ref.pack(), "its index tells otherwise of the block at " + ref.offset());
    }
    int at = 0;
    for (PackIndex.Chunk chunk : block.chunks()) {
      boolean whole = block.chunks().size() == 1;
      if (!whole && !Digest.compute(raw, at, chunk.length()).equals(chunk.digest())) {
        throw damaged(ref.pack(), "its index is wrong about a chunk at " + ref.offset());
      }
      at += chunk.length();
    }
    return raw;
  }

  private Map<Long, PackIndex.Block> index(PackId pack) throws FsException {
    Map<Long, PackIndex.Block> known = indexes.get(pack);
    if (known == null) {
      known = new HashMap<>();
      for (PackIndex.Block block : loadIndex(pack).blocks()) {
        known.put(block.ref().offset(), block);
      }
      indexes.put(pack, known);
    }
    return known;
  }

  private PackIndex loadIndex(PackId pack) throws FsException {
    String key = PackLayout.key(dataset, pack);
    ObjectStat stat = store.stat(key).orElseThrow(() -> damaged(pack, "the object is gone"));
    if (stat.size() < PackLayout.HEADER_BYTES + PackLayout.TRAILER_BYTES) {
      throw damaged(pack, "it is too short");
    }
    byte[] header = read(key, 0, PackLayout.HEADER_BYTES);
    byte[] end = read(key, stat.size() - PackLayout.TRAILER_BYTES, PackLayout.TRAILER_BYTES);
    PackLayout.Trailer trailer = PackLayout.readTrailer(pack, end, stat.size());
    byte[] encoded = read(key, trailer.indexOffset(), trailer.indexLength());
    return PackLayout.readIndex(pack, header, trailer, encoded);
  }

  private byte[] read(String key, long offset, int length) throws FsException {
    byte[] bytes = new byte[length];
    store.getRange(key, offset, length).get(bytes);
    return bytes;
  }

  private FsException damaged(PackId pack, String why) {
    return new FsException(
        FailureKind.CORRUPT, "object %s: %s".formatted(PackLayout.key(dataset, pack), why));
  }
}
