package io.datasetfs.staging;

import io.datasetfs.model.FsException;
import io.datasetfs.read.FileReader;
import java.nio.ByteBuffer;

/**
 * Copies the committed bytes of pages that are written in part, the rest of which is to go on
 * showing. They are read before the lock of the {@link ContentFile} is taken, since they may be far
 * away, and written under it.
 */
final class CopyUp implements AutoCloseable {
  private static final int PAGE = PageMap.PAGE;

  private final ContentFile file;
  private final Base base;
  private final BasePlace place;

  /** Guarded by the file's lock. */
  private FileReader committed;

  /** Committed bytes of the pages at both ends of a range, where they are needed. */
  record Edges(long firstPage, ByteBuffer first, long lastPage, ByteBuffer last) {
    static final Edges NONE = new Edges(0, null, 0, null);
  }

  CopyUp(ContentFile file, Base base, BasePlace place) {
    this.file = file;
    this.base = base;
    this.place = place;
  }

  /** Reads what of partly covered pages has to be copied. Called without the lock. */
  Edges read(long from, long length) throws FsException {
    long to = from + length;
    long firstPage = from / PAGE;
    long lastPage = to / PAGE;
    ByteBuffer first = from % PAGE == 0 ? null : committedPage(firstPage);
    boolean same = lastPage == firstPage;
    ByteBuffer last = to % PAGE == 0 || (same && from % PAGE != 0) ? null : committedPage(lastPage);
    return new Edges(firstPage, first, lastPage, last);
  }

  private ByteBuffer committedPage(long page) throws FsException {
    long start = page * PAGE;
    if (place == null || start >= file.baseLimit()) {
      return null;
    }
    FileReader reader;
    file.find();
    file.lock().writeLock().lock();
    try {
      if (file.committedEnd(start) <= start) {
        return null;
      }
      reader = committed;
    } finally {
      file.lock().writeLock().unlock();
    }
    if (reader == null) {
      reader = base.open(place);
      file.lock().writeLock().lock();
      try {
        committed = committed == null ? reader : committed;
      } finally {
        file.lock().writeLock().unlock();
      }
    }
    ByteBuffer bytes = ByteBuffer.allocate(PAGE);
    reader.read(start, bytes);
    return bytes.flip();
  }

  /** Copies pages that are still not there. Called with the write lock, the file being open. */
  void write(Edges edges) throws FsException {
    write(edges.firstPage(), edges.first());
    write(edges.lastPage(), edges.last());
  }

  private void write(long page, ByteBuffer bytes) throws FsException {
    long start = page * PAGE;
    if (bytes == null || file.committedEnd(start) <= start) {
      return;
    }
    ByteBuffer copied = bytes.duplicate();
    copied.limit((int) Math.min(copied.limit(), file.baseLimit() - start));
    file.find().write(copied, start);
    file.pages().add(page, page + 1);
  }

  @Override
  public void close() {
    file.lock().writeLock().lock();
    try {
      if (committed != null) {
        committed.close();
      }
    } finally {
      file.lock().writeLock().unlock();
    }
  }
}
