package io.datasetfs.format;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Codec;
import io.datasetfs.model.Digest;
import io.datasetfs.model.PackId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A pack while it is filled. Blocks are kept as they are given, without a copy, until {@link
 * #finish} frames them. Not thread-safe.
 */
public final class PackBuilder {
  private final PackId id;
  private final PackKind kind;
  private final List<PackIndex.Block> blocks = new ArrayList<>();
  private final List<ByteBuffer> stored = new ArrayList<>();
  private long length = PackLayout.HEADER_BYTES;
  private long chunks;

  /** Begins a pack. */
  public PackBuilder(PackId id, PackKind kind) {
    this.id = id;
    this.kind = kind;
  }

  /** The pack's id. */
  public PackId id() {
    return id;
  }

  /** How many bytes the pack has so far, its index not counted. */
  public long length() {
    return length;
  }

  /** How many chunks the pack has so far. */
  public long chunks() {
    return chunks;
  }

  /** Whether there is nothing in it. */
  public boolean isEmpty() {
    return blocks.isEmpty();
  }

  /**
   * Appends a block.
   *
   * @param encoded its stored form; the buffer is kept
   * @param rawLength its length before encoding
   * @param digest SHA-256 of it before encoding
   * @param parts the chunks that it consists of
   * @return where it is
   */
  public BlockRef append(
      BlockCodec.EncodedBlock encoded, int rawLength, Digest digest, List<PackIndex.Chunk> parts) {
    ByteBuffer bytes = encoded.stored();
    Codec codec = encoded.codec();
    BlockRef ref = new BlockRef(id, length, bytes.remaining(), rawLength, codec, digest);
    blocks.add(new PackIndex.Block(ref, parts));
    stored.add(bytes);
    length += bytes.remaining();
    chunks += parts.size();
    return ref;
  }

  /** The whole pack, as consecutive pieces. */
  public List<ByteBuffer> finish() {
    List<ByteBuffer> pieces = new ArrayList<>(stored.size() + 2);
    pieces.add(ByteBuffer.wrap(PackLayout.header(kind)));
    pieces.addAll(stored);
    pieces.add(ByteBuffer.wrap(PackLayout.tail(new PackIndex(kind, blocks), length)));
    return pieces;
  }
}
