package io.datasetfs.read;

import io.datasetfs.cache.BlockLoader;
import io.datasetfs.cache.MemoryTier;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.util.List;

/** The blocks of one dataset, through memory. Thread-safe. */
public final class BlockSource {
  private final MemoryTier<byte[]> memory;
  private final BlockLoader behind;
  private final Readahead readahead;

  /**
   * @param memory shared by all datasets
   * @param behind brings what is not in memory
   * @param readahead loads what is asked for ahead
   */
  public BlockSource(MemoryTier<byte[]> memory, BlockLoader behind, Readahead readahead) {
    this.memory = memory;
    this.behind = behind;
    this.readahead = readahead;
  }

  /** Loads nothing ahead. */
  BlockSource(MemoryTier<byte[]> memory, BlockLoader behind) {
    this(memory, behind, null);
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

  /**
   * Asks for blocks that will be wanted soon, the first of them first. Returns at once; what is in
   * memory already costs nothing, failures are left to whoever really wants the block.
   *
   * @param interest ends the wish
   */
  void ahead(List<BlockRef> refs, Interest interest) {
    if (readahead == null) {
      return;
    }
    readahead.submit(
        () -> {
          for (BlockRef ref : refs) {
            if (!interest.isWithdrawn() && !memory.holds(ref.digest())) {
              load(ref);
            }
          }
        });
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
