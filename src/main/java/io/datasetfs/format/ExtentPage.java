package io.datasetfs.format;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Extent;
import io.datasetfs.model.FsException;

/** A page of a file's extents, or of pages of them. Immutable. */
public final class ExtentPage {
  private final Page page;
  private final boolean index;

  private ExtentPage(Page page, boolean index) {
    this.page = page;
    this.index = index;
  }

  /**
   * Reads a page.
   *
   * @param bytes the whole page; kept, not to be changed
   * @throws FsException CORRUPT or NEWER_FORMAT
   */
  public static ExtentPage decode(byte[] bytes) throws FsException {
    Page page = new Page(bytes);
    return switch (page.kind()) {
      case EXTENTS -> new ExtentPage(page, false);
      case EXTENT_INDEX -> new ExtentPage(page, true);
      default -> throw EncodedInput.corrupt("a page of a directory where extents were expected");
    };
  }

  /** Whether the items are pages rather than extents. */
  public boolean isIndex() {
    return index;
  }

  /** The number of items. */
  public int size() {
    return page.itemCount();
  }

  /** Extent {@code i} of a page of extents. */
  public Extent extent(int i) throws FsException {
    return ExtentCodec.decode(page.item(i), page);
  }

  /** Child {@code i} of an index page. */
  public Child child(int i) throws FsException {
    EncodedInput in = page.item(i);
    long length = in.getSize();
    if (length == 0) {
      throw EncodedInput.corrupt("a page without extents in an index");
    }
    return new Child(page.block(in.getBounded(page.blockCount())), length);
  }

  /**
   * A page below an index page.
   *
   * @param page where it is
   * @param length how many bytes of the file it covers
   */
  public record Child(BlockRef page, long length) {}
}
