package io.datasetfs.cache;

import io.datasetfs.model.BlockRef;
import java.nio.ByteBuffer;

/**
 * Keeps verified blocks nearer than the storage provider does. It may lose any block at any time,
 * and its troubles are its own: what cannot be kept or read here is brought from further away, so
 * no method fails. Thread-safe.
 */
public interface BlockTier {
  /** Keeps nothing. */
  BlockTier NONE =
      new BlockTier() {
        @Override
        public boolean holds(BlockRef ref) {
          return false;
        }

        @Override
        public byte[] find(BlockRef ref) {
          return null;
        }

        @Override
        public boolean read(BlockRef ref, int offset, int length, ByteBuffer target) {
          return false;
        }

        @Override
        public void offer(BlockRef ref, byte[] raw) {}
      };

  /** Whether the block is most likely here. Costs next to nothing. */
  boolean holds(BlockRef ref);

  /**
   * A block.
   *
   * @return exactly {@code ref.rawLength()} bytes that match {@code ref.digest()}, not to be
   *     changed; {@code null} when they are not here
   */
  byte[] find(BlockRef ref);

  /**
   * Reads a part of a block that has been verified since the process began, without bringing the
   * whole of it into memory.
   *
   * @param offset the first byte wanted, within the block
   * @param length how many bytes; they lie within the block
   * @param target takes the bytes at its position, which advances by {@code length}
   * @return whether that was done; if not, the position is where it was, and {@link #find} may
   *     still have the block
   */
  boolean read(BlockRef ref, int offset, int length, ByteBuffer target);

  /**
   * Offers a block to be kept. Returns soon; the block is written later, or not at all.
   *
   * @param raw the block's verified bytes; never changed by anybody
   */
  void offer(BlockRef ref, byte[] raw);
}
