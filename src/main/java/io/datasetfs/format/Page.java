package io.datasetfs.format;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Codec;
import io.datasetfs.model.Digest;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.PackId;
import java.nio.ByteBuffer;

/**
 * The frame that all pages share. Kept as it is stored: items are found by the table of their ends
 * and decoded one at a time, so that looking one name up costs one item.
 *
 * <pre>
 * kind (1), version (1), number of packs P (4), of blocks B (4), of items I (4)
 * P x pack id (16)
 * B x pack number (4), offset (8), stored length (4), raw length (4), codec (1), SHA-256 (32)
 * I x end of the item, counted from the first item's begin (4)
 * items
 * </pre>
 */
final class Page {
  static final int VERSION = 1;
  static final int FIXED_BYTES = 14;
  static final int BLOCK_BYTES = 53;

  private final byte[] bytes;
  private final ByteBuffer view;
  private final PageKind kind;
  private final int packsAt = FIXED_BYTES;
  private final int packCount;
  private final int blocksAt;
  private final int blockCount;
  private final int endsAt;
  private final int itemCount;
  private final int itemsAt;

  Page(byte[] bytes) throws FsException {
    this.bytes = bytes;
    this.view = ByteBuffer.wrap(bytes);
    EncodedInput in = new EncodedInput(bytes);
    int kindCode = in.getByte();
    int version = in.getByte();
    if (version != VERSION) {
      throw new FsException(
          FailureKind.NEWER_FORMAT,
          "a tree page has format %d, this release knows %d (update dsfs)"
              .formatted(version, VERSION));
    }
    // A newer release may have kinds of its own: only now does an unknown one mean damage.
    this.kind = PageKind.of(kindCode);
    this.packCount = in.getInt();
    this.blockCount = in.getInt();
    this.itemCount = in.getInt();
    long blocks = packsAt + (long) packCount * PackId.LENGTH;
    long ends = blocks + (long) blockCount * BLOCK_BYTES;
    long items = ends + (long) itemCount * Integer.BYTES;
    if (packCount < 0 || blockCount < 0 || itemCount < 0 || items > bytes.length) {
      throw EncodedInput.corrupt("the tables of a page exceed it");
    }
    this.blocksAt = (int) blocks;
    this.endsAt = (int) ends;
    this.itemsAt = (int) items;
  }

  PageKind kind() {
    return kind;
  }

  int itemCount() {
    return itemCount;
  }

  /** The bytes of item {@code i}. */
  EncodedInput item(int i) throws FsException {
    int from = i == 0 ? 0 : view.getInt(endsAt + (i - 1) * Integer.BYTES);
    int to = view.getInt(endsAt + i * Integer.BYTES);
    if (from < 0 || to < from || to > bytes.length - itemsAt) {
      throw EncodedInput.corrupt("an item outside its page");
    }
    return new EncodedInput(bytes, itemsAt + from, itemsAt + to);
  }

  byte[] bytes() {
    return bytes;
  }

  int blockCount() {
    return blockCount;
  }

  /** Entry {@code i} of the block table. */
  BlockRef block(int i) throws FsException {
    if (i < 0 || i >= blockCount) {
      throw EncodedInput.corrupt("a block outside the page's table");
    }
    int at = blocksAt + i * BLOCK_BYTES;
    int pack = view.getInt(at);
    long offset = view.getLong(at + 4);
    int storedLength = view.getInt(at + 12);
    int rawLength = view.getInt(at + 16);
    Codec codec = CodecCode.codec(bytes[at + 20]);
    boolean possible = pack >= 0 && pack < packCount && offset >= 0;
    if (!possible || !BlockCodec.isPossible(storedLength) || !BlockCodec.isPossible(rawLength)) {
      throw EncodedInput.corrupt("an impossible block in the page's table");
    }
    int idAt = packsAt + pack * PackId.LENGTH;
    PackId id = new PackId(view.getLong(idAt), view.getLong(idAt + 8));
    return new BlockRef(id, offset, storedLength, rawLength, codec, Digest.at(bytes, at + 21));
  }
}
