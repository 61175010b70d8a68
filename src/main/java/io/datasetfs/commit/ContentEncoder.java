package io.datasetfs.commit;

import com.github.luben.zstd.ZstdCompressCtx;
import io.datasetfs.format.BlockCodec;
import io.datasetfs.format.PackIndex;
import io.datasetfs.model.Digest;
import java.util.Arrays;
import java.util.List;

/**
 * Hashes, deduplicates and compresses: the part of an import that is worth doing on every core.
 * Each thread has one; they share the table.
 */
final class ContentEncoder implements AutoCloseable {
  private final ChunkTable chunks;
  private final ZstdCompressCtx context = new ZstdCompressCtx();

  ContentEncoder(ChunkTable chunks) {
    this.chunks = chunks;
  }

  /** A block to be placed into a pack. */
  record NewBlock(
      BlockSlot slot,
      BlockCodec.EncodedBlock encoded,
      int rawLength,
      Digest digest,
      List<PackIndex.Chunk> chunks) {}

  /** A chunk of a large file: where it is, and its block if it is new. */
  record EncodedChunk(FileResult.Part part, NewBlock block) {}

  /** Takes a chunk that is to be a block of its own. */
  EncodedChunk encodeChunk(byte[] raw) {
    if (isZero(raw)) {
      return new EncodedChunk(new FileResult.Part(null, Placement.hole(raw.length)), null);
    }
    Digest digest = Digest.compute(raw);
    BlockSlot slot = new BlockSlot();
    Placement stored = chunks.claim(digest, slot, 0, raw.length);
    if (stored != null) {
      return new EncodedChunk(new FileResult.Part(digest, stored), null);
    }
    List<PackIndex.Chunk> parts = List.of(new PackIndex.Chunk(digest, raw.length));
    return new EncodedChunk(
        new FileResult.Part(digest, new Placement(slot, 0, raw.length)),
        encodeBlock(slot, raw, raw.length, digest, parts));
  }

  /** Takes a block whose chunks are claimed already. */
  NewBlock encodeBlock(
      BlockSlot slot, byte[] raw, int length, Digest digest, List<PackIndex.Chunk> parts) {
    BlockCodec.EncodedBlock encoded = BlockCodec.encode(raw, length, context);
    return new NewBlock(slot, encoded, length, digest, parts);
  }

  Placement claim(Digest digest, BlockSlot slot, int offset, int length) {
    return chunks.claim(digest, slot, offset, length);
  }

  private static boolean isZero(byte[] raw) {
    return raw[0] == 0
        && raw[raw.length - 1] == 0
        && Arrays.mismatch(raw, 0, raw.length - 1, raw, 1, raw.length) < 0;
  }

  @Override
  public void close() {
    context.close();
  }
}
