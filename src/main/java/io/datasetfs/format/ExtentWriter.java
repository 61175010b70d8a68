package io.datasetfs.format;

import io.datasetfs.model.Extent;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry.FileContent;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects one file's extents, given in file order, and puts them into pages once they are too many
 * for the file's entry. Adjacent holes become one. Not thread-safe.
 */
public final class ExtentWriter {
  /** A file with more extents than this has them in pages of their own. */
  static final int MAX_IN_ENTRY = 64;

  /** Beyond the minimum one extent in so many ends a page. */
  private static final int CUT_EVERY = 256;

  private static final int MIN_BYTES = 8 << 10;
  private static final int MAX_BYTES = 128 << 10;

  private static final byte[] NO_KEY = {};

  private final PageSink sink;
  private final List<Extent> few = new ArrayList<>();
  private IndexWriter parents;
  private PageBuilder page;
  private long pageLength;
  private long openHole;

  /** Begins a file whose pages, if it needs any, go to {@code sink}. */
  public ExtentWriter(PageSink sink) {
    this.sink = sink;
  }

  /** Adds the next extent. */
  public void add(Extent extent) throws FsException {
    if (extent instanceof Extent.Hole hole) {
      openHole += hole.length();
      return;
    }
    closeHole();
    append(extent);
  }

  private void closeHole() throws FsException {
    if (openHole > 0) {
      append(new Extent.Hole(openHole));
      openHole = 0;
    }
  }

  private void append(Extent extent) throws FsException {
    if (parents == null && few.size() < MAX_IN_ENTRY) {
      few.add(extent);
      return;
    }
    if (parents == null) {
      parents = new IndexWriter(PageKind.EXTENT_INDEX, sink);
      page = new PageBuilder(PageKind.EXTENTS);
      for (Extent earlier : few) {
        appendToPage(earlier);
      }
      few.clear();
    }
    appendToPage(extent);
  }

  private void appendToPage(Extent extent) throws FsException {
    ExtentCodec.encode(extent, page);
    page.endItem();
    pageLength += extent.length();
    int length = page.length();
    if (length >= MAX_BYTES || (length >= MIN_BYTES && endsPage(extent))) {
      cut();
    }
  }

  private static boolean endsPage(Extent extent) {
    return extent instanceof Extent.Stored stored
        && Math.floorMod((int) stored.block().digest().word(1), CUT_EVERY) == 0;
  }

  private void cut() throws FsException {
    parents.add(NO_KEY, pageLength, sink.store(page.toPage()));
    page = new PageBuilder(PageKind.EXTENTS);
    pageLength = 0;
  }

  /** Ends the file: where its bytes are. */
  public FileContent finish() throws FsException {
    closeHole();
    if (parents == null) {
      return new FileContent.Extents(few);
    }
    if (page.itemCount() > 0) {
      cut();
    }
    return new FileContent.Paged(parents.finish());
  }
}
