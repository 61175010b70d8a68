package io.datasetfs.format;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.Utf8;

/**
 * A page of a directory: its entries, or the pages that hold them. Immutable; entries are decoded
 * when they are asked for.
 */
public final class DirectoryPage {
  private final Page page;
  private final boolean index;

  private DirectoryPage(Page page, boolean index) {
    this.page = page;
    this.index = index;
  }

  /**
   * Reads a page.
   *
   * @param bytes the whole page; kept, not to be changed
   * @throws FsException CORRUPT or NEWER_FORMAT
   */
  public static DirectoryPage decode(byte[] bytes) throws FsException {
    Page page = new Page(bytes);
    return switch (page.kind()) {
      case ENTRIES -> new DirectoryPage(page, false);
      case ENTRY_INDEX -> new DirectoryPage(page, true);
      default -> throw EncodedInput.corrupt("a page of extents where a directory was expected");
    };
  }

  /** Whether the items are pages rather than entries. */
  public boolean isIndex() {
    return index;
  }

  /** The number of items. */
  public int size() {
    return page.itemCount();
  }

  /** Bytes that keeping the page costs. */
  public int weight() {
    return page.bytes().length;
  }

  /** Entry {@code i} of a page of entries. */
  public TreeEntry entry(int i) throws FsException {
    return EntryCodec.decode(page, i);
  }

  /** Child {@code i} of an index page. */
  public Child child(int i) throws FsException {
    EncodedInput in = page.item(i);
    EntryCodec.name(in);
    long entries = in.getSize();
    if (entries == 0) {
      throw EncodedInput.corrupt("a page without entries in an index");
    }
    return new Child(page.block(in.getBounded(page.blockCount())), entries);
  }

  /**
   * The position of a name.
   *
   * @return the item with exactly that name, or {@code -(insertion point) - 1}, as {@link
   *     java.util.Arrays#binarySearch} has it
   */
  public int find(byte[] name) throws FsException {
    int low = 0;
    int high = page.itemCount() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Utf8.compare(EntryCodec.name(page.item(middle)), name);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }

  /**
   * A page below an index page.
   *
   * @param page where it is
   * @param entries how many entries of the directory are in it and below
   */
  public record Child(BlockRef page, long entries) {}
}
