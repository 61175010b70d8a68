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
  private static final int MIN_AHEAD = 2;
  private static final int MAX_AHEAD = 32;

  private final PageSource pages;
  private final Directory directory;
  private final TreeAhead ahead;

  /** The page that was listed last: who lists piece by piece mostly goes on in it. */
  private volatile Leaf last;

  /** Pages to ask for ahead in a huge directory: more as its listing goes on. */
  private volatile int pagesAhead = MIN_AHEAD;

  /** Asks for nothing ahead when {@code ahead} is {@code null}. */
  DirectoryListing(PageSource pages, Directory directory, TreeAhead ahead) {
    this.pages = pages;
    this.directory = directory;
    this.ahead = ahead;
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
        goesOn(leaf, at);
      }
      for (int i = (int) (at - leaf.base()); i < leaf.page().size(); i++) {
        if (!sink.add(new TreeItem(leaf.page().entry(i), leaf.ref(), i), ++at)) {
          return;
        }
      }
    }
  }

  /** Takes note of a new page, and whether the listing came to it in order. */
  private void goesOn(Leaf leaf, long at) {
    Leaf before = last;
    boolean inOrder = before != null && before.base() + before.page().size() == at;
    pagesAhead = inOrder ? Math.min(MAX_AHEAD, 2 * pagesAhead) : MIN_AHEAD;
    last = leaf;
    if (ahead != null && at == leaf.base()) {
      ahead.listed(directory, leaf.ref(), at == 0);
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
        return new Leaf(page, loaded.place(), base);
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
      if (ahead != null) {
        ahead.goThrough(page, i, pagesAhead);
      }
      entries = page.child(i).entries();
      ref = page.child(i).page();
    }
    throw miscounted(ref);
  }

  private static FsException miscounted(BlockRef ref) {
    return PageSource.malformed(ref, "its entries are not as many as it says", null);
  }

  private record Leaf(DirectoryPage page, BlockRef ref, long base) {
    boolean covers(long position) {
      return position >= base && position - base < page.size();
    }
  }
}
