package io.datasetfs.fs;

/**
 * What {@code df} tells.
 *
 * @param blockSize bytes in a block
 * @param blocks blocks in all
 * @param available blocks that can be written
 * @param files inodes in all, 0 when nobody counts
 * @param freeFiles inodes that can be made
 */
public record SpaceUsage(int blockSize, long blocks, long available, long files, long freeFiles) {
  /** Of a place where nobody counts inodes. */
  public SpaceUsage(int blockSize, long blocks, long available) {
    this(blockSize, blocks, available, 0, 0);
  }
}
