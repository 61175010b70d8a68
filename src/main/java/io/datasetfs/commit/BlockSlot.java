package io.datasetfs.commit;

import io.datasetfs.model.BlockRef;

/**
 * A block that has a place, or will have one once the packer comes to it. Chunks refer to the slot,
 * so that they can be shared before it is known where they end up.
 */
final class BlockSlot {
  /** Written once, by the packer. */
  private volatile BlockRef place;

  BlockSlot() {}

  BlockSlot(BlockRef place) {
    this.place = place;
  }

  void place(BlockRef at) {
    place = at;
  }

  boolean isPlaced() {
    return place != null;
  }

  /** Where the block is; {@code null} until it is placed. */
  BlockRef ref() {
    return place;
  }
}
