package io.datasetfs.read;

import io.datasetfs.cache.BlockTier;
import io.datasetfs.cache.MemoryTier;

/**
 * What all readers of a process share.
 *
 * @param blocks blocks of file content in memory
 * @param pages decoded tree pages in memory
 * @param diskBlocks blocks of file content on the disk
 * @param diskPages tree pages on the disk
 * @param ahead bounds what is loaded ahead of all readers
 */
public record ReadCaches(
    MemoryTier<byte[]> blocks,
    MemoryTier<TreePage> pages,
    BlockTier diskBlocks,
    BlockTier diskPages,
    AheadBudget ahead) {
  /** Default bound of the blocks in memory, in bytes, where the heap is large enough. */
  public static final long BLOCK_BYTES = 64L << 20;

  /** Default bound of the tree pages in memory, in bytes, where the heap is large enough. */
  public static final long PAGE_BYTES = 48L << 20;

  private static final int HEAP_SHARE = 5;

  /** Most, since what is fetched ahead must still be there when its reader comes to it. */
  private static final double RECENT_BLOCKS = 0.75;

  /** Memory of the default sizes, of no more than a fifth of the heap each; no disk. */
  public static ReadCaches withDefaults() {
    long share = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
    return bounded(Math.min(BLOCK_BYTES, share), Math.min(PAGE_BYTES, share));
  }

  /** Memory of these many bytes; no disk. */
  public static ReadCaches bounded(long blockBytes, long pageBytes) {
    return new ReadCaches(
        new MemoryTier<>(blockBytes, RECENT_BLOCKS, block -> block.length),
        new MemoryTier<>(pageBytes, TreePage::weight),
        BlockTier.NONE,
        BlockTier.NONE,
        AheadBudget.withDefaults());
  }

  /** The same memory before a disk. */
  public ReadCaches before(BlockTier newBlocks, BlockTier newPages) {
    return new ReadCaches(blocks, pages, newBlocks, newPages, ahead);
  }
}
