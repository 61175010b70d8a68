package io.datasetfs.read;

import io.datasetfs.cache.BlockTier;
import io.datasetfs.cache.DiskTier;
import io.datasetfs.model.BlockRef;
import java.nio.ByteBuffer;

/**
 * A disk tier that keeps all that it is offered, however long that takes. What is prefetched must
 * not be dropped because the disk is busy. Thread-safe.
 *
 * @param tier the tier
 */
public record KeepingTier(DiskTier tier) implements BlockTier {
  @Override
  public boolean holds(BlockRef ref) {
    return tier.holds(ref);
  }

  @Override
  public byte[] find(BlockRef ref) {
    return tier.find(ref);
  }

  @Override
  public boolean read(BlockRef ref, int offset, int length, ByteBuffer target) {
    return tier.read(ref, offset, length, target);
  }

  @Override
  public void offer(BlockRef ref, byte[] raw) {
    boolean unused = tier.keep(ref, raw);
  }
}
