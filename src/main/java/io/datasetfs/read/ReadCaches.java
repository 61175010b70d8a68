package io.datasetfs.read;

import io.datasetfs.cache.MemoryTier;

/**
 * What all readers of a process share in memory.
 *
 * @param blocks blocks of file content
 * @param pages decoded tree pages
 */
public record ReadCaches(MemoryTier<byte[]> blocks, MemoryTier<TreePage> pages) {
  /** Default bound of the blocks, in bytes, where the heap is large enough. */
  public static final long BLOCK_BYTES = 64L << 20;

  /** Default bound of the tree pages, in bytes, where the heap is large enough. */
  public static final long PAGE_BYTES = 48L << 20;

  private static final int HEAP_SHARE = 5;

  /** Caches of the default sizes; of no more than a fifth of the heap each. */
  public static ReadCaches withDefaults() {
    long share = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
    return bounded(Math.min(BLOCK_BYTES, share), Math.min(PAGE_BYTES, share));
  }

  /** Caches of these many bytes. */
  public static ReadCaches bounded(long blockBytes, long pageBytes) {
    return new ReadCaches(
        new MemoryTier<>(blockBytes, block -> block.length),
        new MemoryTier<>(pageBytes, TreePage::weight));
  }
}
