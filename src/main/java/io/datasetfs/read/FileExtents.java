package io.datasetfs.read;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Extent;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.TreeEntry.FileContent;
import java.util.List;

/** Finds the extent of a file that covers a byte. Thread-safe. */
final class FileExtents {
  private final long size;
  private final BlockRef root;
  private final PageSource pages;

  /** The extents that were used last: sequential reads stay in them for long. */
  private volatile Leaf last;

  FileExtents(TreeEntry.File file, PageSource pages) throws FsException {
    this.size = file.size();
    this.pages = pages;
    if (file.content() instanceof FileContent.Paged paged) {
      this.root = paged.page();
    } else {
      this.root = null;
      List<Extent> extents =
          file.content() instanceof FileContent.Extents list ? list.extents() : List.of();
      this.last = new Leaf(ExtentTable.of(extents), 0);
    }
  }

  /**
   * The extent that covers the byte at {@code offset}, which is within the file.
   *
   * @throws FsException CORRUPT when there is none, or what loading pages met
   */
  Located locate(long offset) throws FsException {
    Leaf leaf = last;
    if (leaf == null || !leaf.covers(offset)) {
      leaf = seek(offset);
      last = leaf;
    }
    int i = leaf.table().find(offset - leaf.base());
    return new Located(leaf.table().extent(i), leaf.base() + leaf.table().start(i));
  }

  private Leaf seek(long offset) throws FsException {
    if (root == null) {
      throw FileReader.uncovered(offset);
    }
    BlockRef ref = root;
    long base = 0;
    long length = size;
    for (int depth = 0; depth < VersionTree.MAX_DEPTH; depth++) {
      ExtentTable table = pages.extents(ref);
      if (table.length() != length) {
        throw PageSource.malformed(ref, "its extents do not cover what they should", null);
      }
      if (!table.isIndex()) {
        return new Leaf(table, base);
      }
      int i = table.find(offset - base);
      ref = table.child(i);
      length = table.end(i) - table.start(i);
      base += table.start(i);
    }
    throw PageSource.malformed(ref, "extents nested without end", null);
  }

  /**
   * An extent and where it begins in the file.
   *
   * @param extent the extent
   * @param start its first byte's position in the file
   */
  record Located(Extent extent, long start) {
    long end() {
      return start + extent.length();
    }
  }

  private record Leaf(ExtentTable table, long base) {
    boolean covers(long offset) {
      return offset >= base && offset - base < table.length();
    }
  }
}
