package io.datasetfs.format;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.FsException;

/**
 * Writes the index pages above a sequence of pages, as many levels as it takes. Cuts by content
 * like {@link DirectoryWriter}, by the key of the child that comes next. A single child needs no
 * index: it is the root itself.
 */
final class IndexWriter {
  private static final int MIN_BYTES = 16 << 10;
  private static final int MAX_BYTES = 256 << 10;
  private static final int CUT_EVERY = 64;

  private final PageKind kind;
  private final PageSink sink;
  private PageBuilder page;
  private IndexWriter parents;
  private byte[] firstKey;
  private long total;
  private BlockRef onlyChild;

  IndexWriter(PageKind kind, PageSink sink) {
    this.kind = kind;
    this.sink = sink;
    this.page = new PageBuilder(kind);
  }

  /**
   * Adds a page.
   *
   * @param key what it begins with: a name for a directory, nothing for extents
   * @param weight what it covers: entries or bytes
   */
  void add(byte[] key, long weight, BlockRef child) throws FsException {
    if (page.itemCount() > 0 && endsBefore(key, child)) {
      cut();
    }
    if (page.itemCount() == 0) {
      firstKey = key;
    }
    EncodedOutput out = page.items();
    if (kind == PageKind.ENTRY_INDEX) {
      out.putString(key);
    }
    out.putVarint(weight);
    out.putVarint(page.indexOf(child));
    page.endItem();
    total += weight;
    onlyChild = child;
  }

  private boolean endsBefore(byte[] key, BlockRef child) {
    int length = page.length();
    // Extents have no key; their page's digest is as good a source of chance, and is content as
    // well.
    int hash =
        kind == PageKind.ENTRY_INDEX ? NameHash.of(key) >>> 12 : (int) child.digest().word(0);
    return length >= MAX_BYTES || (length >= MIN_BYTES && Math.floorMod(hash, CUT_EVERY) == 0);
  }

  private void cut() throws FsException {
    if (parents == null) {
      parents = new IndexWriter(kind, sink);
    }
    parents.add(firstKey, total, sink.store(page.toPage()));
    page = new PageBuilder(kind);
    total = 0;
  }

  /** The root page, or {@code null} when nothing was added. */
  BlockRef finish() throws FsException {
    if (parents == null && page.itemCount() <= 1) {
      return onlyChild;
    }
    if (parents == null) {
      return sink.store(page.toPage());
    }
    if (page.itemCount() > 0) {
      cut();
    }
    return parents.finish();
  }
}
