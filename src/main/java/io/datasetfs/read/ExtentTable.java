package io.datasetfs.read;

import io.datasetfs.format.ExtentPage;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Extent;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.util.Arrays;
import java.util.List;

/**
 * Consecutive extents, or consecutive pages of them, and where each begins. Positions count from
 * the table's own begin. Immutable.
 */
public final class ExtentTable {
  private static final int OVERHEAD = 400;

  private final List<Extent> listed;
  private final ExtentPage page;
  private final long[] starts;
  private final int pageBytes;

  private ExtentTable(List<Extent> listed, ExtentPage page, long[] starts, int pageBytes) {
    this.listed = listed;
    this.page = page;
    this.starts = starts;
    this.pageBytes = pageBytes;
  }

  /** The table of the extents that an entry lists itself. */
  static ExtentTable of(List<Extent> extents) throws FsException {
    long[] starts = new long[extents.size() + 1];
    for (int i = 0; i < extents.size(); i++) {
      starts[i + 1] = end(starts[i], extents.get(i).length());
    }
    return new ExtentTable(extents, null, starts, 0);
  }

  /** The table of a stored page. */
  static ExtentTable of(byte[] bytes) throws FsException {
    ExtentPage page = ExtentPage.decode(bytes);
    long[] starts = new long[page.size() + 1];
    for (int i = 0; i < page.size(); i++) {
      long length = page.isIndex() ? page.child(i).length() : page.extent(i).length();
      starts[i + 1] = end(starts[i], length);
    }
    return new ExtentTable(null, page, starts, bytes.length);
  }

  private static long end(long start, long length) throws FsException {
    long end = start + length;
    if (end <= start) {
      throw new FsException(FailureKind.CORRUPT, "malformed: the extents of a file exceed 63 bits");
    }
    return end;
  }

  /** Whether the items are pages rather than extents. */
  boolean isIndex() {
    return page != null && page.isIndex();
  }

  /** The number of items. */
  int size() {
    return starts.length - 1;
  }

  /** The number of bytes of the file that the table covers. */
  long length() {
    return starts[starts.length - 1];
  }

  /** The item that covers {@code position}, which is less than {@link #length}. */
  int find(long position) {
    int found = Arrays.binarySearch(starts, position);
    return found >= 0 ? found : -found - 2;
  }

  /** Where item {@code i} begins. */
  long start(int i) {
    return starts[i];
  }

  /** Where item {@code i} ends. */
  long end(int i) {
    return starts[i + 1];
  }

  /** Item {@code i} of a table of extents. */
  Extent extent(int i) throws FsException {
    return listed != null ? listed.get(i) : page.extent(i);
  }

  /** Item {@code i} of a table of pages. */
  BlockRef child(int i) throws FsException {
    return page.child(i).page();
  }

  int weight() {
    return pageBytes + starts.length * Long.BYTES + OVERHEAD;
  }
}
