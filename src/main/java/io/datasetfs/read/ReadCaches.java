package io.datasetfs.read;

import io.datasetfs.cache.MemoryTier;

/**
 * What all readers of a process share in memory.
 *
 * @param blocks blocks of file content
 * @param pages decoded tree pages
 */
public record ReadCaches(MemoryTier<byte[]> blocks, MemoryTier<TreePage> pages) {
  /** Default bound of the blocks, in bytes. */
  public static final long BLOCK_BYTES = 32L << 20;

  /** Default bound of the tree pages, in bytes. */
  public static final long PAGE_BYTES = 24L << 20;

  /** Caches of the default sizes. */
  public static ReadCaches withDefaults() {
    return bounded(BLOCK_BYTES, PAGE_BYTES);
  }

  /** Caches of these many bytes. */
  public static ReadCaches bounded(long blockBytes, long pageBytes) {
    return new ReadCaches(
        new MemoryTier<>(blockBytes, block -> block.length),
        new MemoryTier<>(pageBytes, TreePage::weight));
  }
}
