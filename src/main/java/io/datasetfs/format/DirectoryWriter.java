package io.datasetfs.format;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.Utf8;

/**
 * Writes one directory's pages from its entries, given in order. A page is cut where the content
 * says so: after a name whose hash is right, once the page has a decent size. So an added or
 * removed name changes the page that it is in and the index above, and leaves the others as they
 * were. Memory stays at one page a level. Not thread-safe.
 */
public final class DirectoryWriter {
  /** No page is cut before it has this many bytes. */
  private static final int MIN_BYTES = 16 << 10;

  /** Every page is cut when it has this many. */
  private static final int MAX_BYTES = 256 << 10;

  /** Beyond the minimum one name in so many ends a page. */
  private static final int CUT_EVERY = 512;

  private final PageSink sink;
  private final IndexWriter parents;
  private PageBuilder page = new PageBuilder(PageKind.ENTRIES);
  private byte[] firstName;
  private byte[] lastName;

  /** Begins a directory whose pages go to {@code sink}. */
  public DirectoryWriter(PageSink sink) {
    this.sink = sink;
    this.parents = new IndexWriter(PageKind.ENTRY_INDEX, sink);
  }

  /**
   * Adds the next entry.
   *
   * @throws IllegalArgumentException when it is not behind the one before
   */
  public void add(TreeEntry entry) throws FsException {
    byte[] name = Utf8.encode(entry.name());
    if (lastName != null && Utf8.compare(lastName, name) >= 0) {
      throw new IllegalArgumentException("entries out of order at " + entry.name());
    }
    lastName = name;
    if (firstName == null) {
      firstName = name;
    }
    EntryCodec.encode(entry, page);
    int length = page.length();
    if (length >= MAX_BYTES || (length >= MIN_BYTES && NameHash.of(name) % CUT_EVERY == 0)) {
      cut();
    }
  }

  private void cut() throws FsException {
    parents.add(firstName, page.itemCount(), sink.store(page.toPage()));
    page = new PageBuilder(PageKind.ENTRIES);
    firstName = null;
  }

  /**
   * Ends the directory.
   *
   * @return its root page, or {@code null} when there was no entry
   */
  public BlockRef finish() throws FsException {
    if (page.itemCount() > 0) {
      cut();
    }
    return parents.finish();
  }
}
