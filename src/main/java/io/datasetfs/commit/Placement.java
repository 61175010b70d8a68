package io.datasetfs.commit;

import io.datasetfs.model.Extent;

/**
 * Where a chunk is or will be.
 *
 * @param slot its block, or {@code null} for zeros that are stored nowhere
 * @param offset where it begins in the block
 * @param length its length
 */
record Placement(BlockSlot slot, int offset, int length) {
  static Placement hole(int length) {
    return new Placement(null, 0, length);
  }

  boolean isReady() {
    return slot == null || slot.isPlaced();
  }

  Extent toExtent() {
    return slot == null ? new Extent.Hole(length) : new Extent.Stored(slot.ref(), offset, length);
  }
}
