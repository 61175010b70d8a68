package io.datasetfs.format;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.PackId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A page while it is filled: items, and the table of the blocks that they point to. Not
 * thread-safe. The layout is {@link Page}'s.
 */
final class PageBuilder {
  /** Many are open at once in a deep tree, and hold little. */
  private static final int SMALL = 128;

  private final PageKind kind;
  private final Map<PackId, Integer> packs = new LinkedHashMap<>();
  private final Map<BlockRef, Integer> blocks = new LinkedHashMap<>();
  private final List<Integer> ends = new ArrayList<>();
  private final EncodedOutput items = new EncodedOutput(SMALL);

  PageBuilder(PageKind kind) {
    this.kind = kind;
  }

  /** Where the next item's bytes go; {@link #endItem} closes it. */
  EncodedOutput items() {
    return items;
  }

  void endItem() {
    ends.add(items.length());
  }

  /** The number by which items of this page name {@code block}. */
  int indexOf(BlockRef block) {
    packs.putIfAbsent(block.pack(), packs.size());
    Integer known = blocks.putIfAbsent(block, blocks.size());
    return known != null ? known : blocks.size() - 1;
  }

  int itemCount() {
    return ends.size();
  }

  /** The page's length as it stands. */
  int length() {
    return Page.FIXED_BYTES
        + packs.size() * PackId.LENGTH
        + blocks.size() * Page.BLOCK_BYTES
        + ends.size() * Integer.BYTES
        + items.length();
  }

  byte[] toPage() {
    EncodedOutput out = new EncodedOutput(length());
    out.putByte(kind.code());
    out.putByte(Page.VERSION);
    out.putInt(packs.size());
    out.putInt(blocks.size());
    out.putInt(ends.size());
    packs.keySet().forEach(out::putPackId);
    for (BlockRef block : blocks.keySet()) {
      out.putInt(packs.get(block.pack()));
      out.putLong(block.offset());
      out.putInt(block.storedLength());
      out.putInt(block.rawLength());
      out.putByte(CodecCode.of(block.codec()));
      out.putDigest(block.digest());
    }
    ends.forEach(out::putInt);
    out.append(items);
    return out.toByteArray();
  }
}
