package io.datasetfs.read;

import io.datasetfs.cache.BlockLoader;
import io.datasetfs.cache.MemoryTier;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;

/** The blocks of one dataset, through memory. Thread-safe. */
public final class BlockSource {
  private final MemoryTier<byte[]> memory;
  private final BlockLoader behind;

  /**
   * @param memory shared by all datasets
   * @param behind brings what is not in memory
   */
  public BlockSource(MemoryTier<byte[]> memory, BlockLoader behind) {
    this.memory = memory;
    this.behind = behind;
  }

  /** The block's bytes, verified; not to be changed. Failures are those of {@link BlockLoader}. */
  public byte[] load(BlockRef ref) throws FsException {
    byte[] raw = memory.get(ref.digest(), () -> behind.load(ref));
    if (raw.length != ref.rawLength()) {
      // In memory by another, honest reference to the same digest.
      throw new FsException(
          FailureKind.CORRUPT,
          "a reference to block %s gives it %d bytes instead of %d"
              .formatted(ref.digest(), ref.rawLength(), raw.length));
    }
    return raw;
  }

  /** Has the block in memory soon: loads it unless it is there or somebody is loading it. */
  void warm(BlockRef ref) throws FsException {
    if (!memory.holds(ref.digest())) {
      load(ref);
    }
  }

  /**
   * Lets a block go that the sequential reader of a large file has passed. The kernel has its pages
   * now; and blocks that stay in memory just long enough to be moved about by the garbage collector
   * made reading cost half as much processor again.
   */
  void release(BlockRef passed) {
    memory.release(passed.digest());
  }
}
