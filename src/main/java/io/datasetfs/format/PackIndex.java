package io.datasetfs.format;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Codec;
import io.datasetfs.model.Digest;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.PackId;
import java.util.ArrayList;
import java.util.List;

/**
 * What a pack holds: its blocks in the order in which they are stored and the chunks of each.
 * Encoded at the pack's end; {@code FORMAT.md} has the layout.
 *
 * @param kind what the blocks are
 * @param blocks the blocks in stored order
 */
public record PackIndex(PackKind kind, List<Block> blocks) {
  private static final int MIN_BLOCK_BYTES = 1 + 1 + 1 + Digest.LENGTH + 1;
  private static final int MIN_CHUNK_BYTES = 1 + Digest.LENGTH;

  /** Copies the list. */
  public PackIndex {
    blocks = List.copyOf(blocks);
  }

  /**
   * A block of a pack.
   *
   * @param ref where it is and what it must be
   * @param chunks the chunks that it consists of, back to back; a single one is the block itself
   */
  public record Block(BlockRef ref, List<Chunk> chunks) {
    /** Copies the list. */
    public Block {
      chunks = List.copyOf(chunks);
    }
  }

  /**
   * A chunk of a block.
   *
   * @param digest SHA-256 of its bytes
   * @param length the number of its bytes
   */
  public record Chunk(Digest digest, int length) {}

  /** The stored form. */
  byte[] encode() {
    EncodedOutput out = new EncodedOutput(64 + 64 * blocks.size());
    out.putVarint(blocks.size());
    for (Block block : blocks) {
      BlockRef ref = block.ref();
      out.putVarint(ref.storedLength());
      out.putVarint(ref.rawLength());
      out.putByte(CodecCode.of(ref.codec()));
      out.putDigest(ref.digest());
      boolean single = block.chunks().size() == 1;
      out.putVarint(single ? 0 : block.chunks().size());
      if (!single) {
        for (Chunk chunk : block.chunks()) {
          out.putVarint(chunk.length());
          out.putDigest(chunk.digest());
        }
      }
    }
    return out.toByteArray();
  }

  /** Reads the stored form of the index of {@code pack}. */
  static PackIndex decode(PackId pack, PackKind kind, byte[] encoded) throws FsException {
    EncodedInput in = new EncodedInput(encoded);
    int count = in.getCount(MIN_BLOCK_BYTES);
    List<Block> blocks = new ArrayList<>(count);
    long offset = PackLayout.HEADER_BYTES;
    for (int i = 0; i < count; i++) {
      int storedLength = in.getBounded(BlockCodec.MAX_BYTES);
      int rawLength = in.getBounded(BlockCodec.MAX_BYTES);
      Codec codec = CodecCode.codec(in.getByte());
      BlockRef ref = new BlockRef(pack, offset, storedLength, rawLength, codec, in.getDigest());
      blocks.add(new Block(ref, decodeChunks(in, ref)));
      offset += storedLength;
    }
    if (in.remaining() != 0) {
      throw EncodedInput.corrupt("bytes after the index of pack " + pack);
    }
    return new PackIndex(kind, blocks);
  }

  private static List<Chunk> decodeChunks(EncodedInput in, BlockRef ref) throws FsException {
    int count = in.getCount(MIN_CHUNK_BYTES);
    if (count == 0) {
      return List.of(new Chunk(ref.digest(), ref.rawLength()));
    }
    List<Chunk> chunks = new ArrayList<>(count);
    long length = 0;
    for (int i = 0; i < count; i++) {
      int chunkLength = in.getBounded(ref.rawLength());
      chunks.add(new Chunk(in.getDigest(), chunkLength));
      length += chunkLength;
    }
    if (length != ref.rawLength()) {
      throw new FsException(
          FailureKind.CORRUPT,
          "the chunks of a block of pack %s do not add up".formatted(ref.pack()));
    }
    return chunks;
  }
}
