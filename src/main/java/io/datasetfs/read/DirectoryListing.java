package io.datasetfs.read;

import io.datasetfs.format.DirectoryPage;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry.Directory;

/**
 * Lists one directory from any position, a position being the number of entries before it. Pages of
 * entries load one at a time. Thread-safe.
 */
public final class DirectoryListing {
  private final PageSource pages;
  private final Directory directory;

  /** The page that was listed last: who lists piece by piece mostly goes on in it. */
  private volatile Leaf last;

  DirectoryListing(PageSource pages, Directory directory) {
    this.pages = pages;
    this.directory = directory;
  }

  /** What is listed. */
  public Directory directory() {
    return directory;
  }

  /**
   * Lists in the order of names until the end or until the sink has enough.
   *
   * @param from the position to begin at: 0, or one that was given to the sink
   * @throws FsException what reading the directory met, or what the sink threw
   */
  public void list(long from, EntrySink sink) throws FsException {
    long at = Math.max(0, from);
    while (true) {
      Leaf leaf = last;
      if (leaf == null || !leaf.covers(at)) {
        leaf = seek(at);
        if (leaf == null) {
          return;
        }
        last = leaf;
      }
      for (int i = (int) (at - leaf.base()); i < leaf.page().size(); i++) {
        if (!sink.add(new TreeItem(leaf.page().entry(i), leaf.place(), i), ++at)) {
          return;
        }
      }
    }
  }

  /** The page of entries that covers a position, or {@code null} behind the end. */
  private Leaf seek(long position) throws FsException {
    if (directory.page() == null || position >= directory.summary().entries()) {
      return null;
    }
    BlockRef ref = directory.page();
    long base = 0;
    long entries = directory.summary().entries();
    for (int depth = 0; depth < VersionTree.MAX_DEPTH; depth++) {
      TreePage.OfDirectory loaded = pages.directory(ref);
      DirectoryPage page = loaded.page();
      if (!page.isIndex()) {
        if (page.size() != entries || position - base >= entries) {
          throw miscounted(ref);
        }
        return new Leaf(loaded.place(), page, base);
      }
      long end = base + entries;
      int i = 0;
      while (i < page.size() && position - base >= page.child(i).entries()) {
        base += page.child(i).entries();
        i++;
      }
      if (i == page.size() || page.child(i).entries() > end - base) {
        throw miscounted(ref);
      }
      entries = page.child(i).entries();
      ref = page.child(i).page();
    }
    throw miscounted(ref);
  }

  private static FsException miscounted(BlockRef ref) {
    return PageSource.malformed(ref, "its entries are not as many as it says", null);
  }

  private record Leaf(BlockRef place, DirectoryPage page, long base) {
    boolean covers(long position) {
      return position >= base && position - base < page.size();
    }
  }
}
