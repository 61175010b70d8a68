package io.datasetfs.read;

import io.datasetfs.format.DirectoryPage;
import io.datasetfs.model.BlockRef;

/** A page of a tree, decoded and kept in memory. */
public sealed interface TreePage {
  /** Bytes that keeping the page costs. */
  int weight();

  /**
   * A page of a directory.
   *
   * @param place where it is stored
   * @param page its items
   */
  record OfDirectory(BlockRef place, DirectoryPage page) implements TreePage {
    private static final int OVERHEAD = 400;

    @Override
    public int weight() {
      return page.weight() + OVERHEAD;
    }
  }

  /**
   * A page of a file's extents.
   *
   * @param table its items
   */
  record OfExtents(ExtentTable table) implements TreePage {
    @Override
    public int weight() {
      return table.weight();
    }
  }
}
