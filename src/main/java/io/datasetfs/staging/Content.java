package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.read.FileReader;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The bytes of a regular file that is open. Its content file is as long as the file is; where it
 * lies over a committed one, a {@link PageMap} tells which pages were written or copied, and the
 * others show the committed bytes up to a limit.
 *
 * <p>Thread-safe. Lock order: this content's, then that of {@link Metadata}. Nothing is read from
 * far away under either.
 */
final class Content implements AutoCloseable {
  private static final int PAGE = PageMap.PAGE;
  private static final Duration RELATIVE_ATIME = Duration.ofDays(1);

  private final long number;
  private final Metadata metadata;
  private final ContentFiles files;
  private final Base base;
  private final BasePlace place;
  private final Clock clock;

  /**
   * Whether it may be changed. Else nothing is done to its files, which may be another's by now.
   */
  private final boolean writable;

  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  private volatile long size;

  /** Committed bytes show below this. */
  private volatile long baseLimit;

  /** The content file, or {@code null} where there is none yet or nobody has asked. */
  private volatile NativeFile file;

  /** Whether it is known that there is no content file. */
  private volatile boolean missing;

  /** Of a file over a committed one, once its content file is open. */
  private PageMap pages;

  /** Whether the row says that the content file knows better. */
  private volatile boolean dirty;

  /** Held from taking what a sync is to keep until it is kept. */
  private final Object syncing = new Object();

  /** Guarded by {@code syncing}. */
  private boolean nameSynced;

  private FileReader committed;

  Content(Row row, Metadata metadata, ContentFiles files, Base base, Clock clock) {
    this(row, metadata, files, base, clock, true);
  }

  private Content(
      Row row, Metadata metadata, ContentFiles files, Base base, Clock clock, boolean writable) {
    this.writable = writable;
    this.number = row.number();
    this.metadata = metadata;
    this.files = files;
    this.base = base;
    this.place = row.base();
    this.clock = clock;
    this.size = row.size();
    this.baseLimit = row.baseLimit();
    this.dirty = row.dirty();
  }

  /** That of a sealed version, to be read. */
  static Content readOnly(Row row, Metadata metadata, ContentFiles files, Base base, Clock clock) {
    return new Content(row, metadata, files, base, clock, false);
  }

  /** The length of the file. */
  long size() {
    return size;
  }

  /** Committed bytes show below this. */
  long committedLimit() {
    return baseLimit;
  }

  /** Whether all of it is as it was committed. */
  boolean isCommitted(long committedSize) throws FsException {
    return place != null
        && size == committedSize
        && baseLimit == committedSize
        && committedEnd(0) == size;
  }

  /** Units of 512 bytes. */
  long blocks() throws FsException {
    NativeFile content = file();
    return content == null || place != null ? Base.blocks(size) : content.stat().blocks();
  }

  /** The content file, or {@code null}. */
  private NativeFile file() throws FsException {
    NativeFile known = file;
    if (known != null || missing) {
      return known;
    }
    lock.writeLock().lock();
    try {
      if (file == null && !missing) {
        if (files.exists(number)) {
          openFile();
        } else {
          missing = true;
        }
      }
      return file;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Opens or makes the content file. Called with the write lock. */
  private void openFile() throws FsException {
    int flags = writable ? NativeFile.WRITE | NativeFile.CREATE : NativeFile.READ;
    NativeFile opened = NativeFile.open(files.file(number), flags);
    try {
      // A process that ended between making it and saying so left it too short.
      if (writable && !(dirty && !missing) && opened.stat().size() != size) {
        opened.truncate(size);
      }
      pages = place == null ? null : PageMap.open(files, number);
    } catch (FsException e) {
      opened.close();
      throw e;
    }
    file = opened;
    missing = false;
  }

  /** Makes ready for a change of content. Called with the write lock. */
  private NativeFile requireFile() throws FsException {
    if (file() == null) {
      openFile();
    }
    if (!dirty) {
      updateRow(
          row -> {
            row.dirty = true;
            return true;
          });
      dirty = true;
    }
    return file;
  }

  private interface RowUpdate {
    /** Whether the change is to survive the process even if the content file does not tell it. */
    boolean apply(RowEdit row);
  }

  private void updateRow(RowUpdate update) throws FsException {
    updateRow(new Change(), update);
  }

  private void updateRow(Change change, RowUpdate update) throws FsException {
    metadata.lock().lock();
    try {
      Row row = metadata.row(number);
      if (row == null) {
        throw new FsException(FailureKind.NOT_FOUND, "the file is gone");
      }
      RowEdit edit = row.edit();
      boolean lasting = update.apply(edit);
      if (lasting) {
        metadata.apply(change.put(edit.done()));
      } else {
        metadata.remember(edit.done());
      }
    } finally {
      metadata.lock().unlock();
    }
  }

  /**
   * Reads as {@link FileReader#read} does.
   *
   * @param reader reads the committed file that this one lies over, if it does; opened by whoever
   *     reads, since it remembers how it is read
   */
  int read(long offset, ByteBuffer target, FileReader reader) throws FsException {
    int length = (int) Math.max(0, Math.min(target.remaining(), size - offset));
    if (length == 0) {
      return 0;
    }
    int limit = target.limit();
    int begin = target.position();
    try {
      target.limit(begin + length);
      NativeFile content = file();
      if (place == null) {
        return content == null ? 0 : readOwn(content, target, offset);
      }
      while (target.hasRemaining()) {
        if (readRun(offset + target.position() - begin, target, reader) == 0) {
          break;
        }
      }
      return target.position() - begin;
    } catch (FsException e) {
      target.position(begin);
      throw e;
    } finally {
      target.limit(limit);
    }
  }

  /** Reads bytes that are in one place. */
  private int readRun(long at, ByteBuffer target, FileReader reader) throws FsException {
    int limit = target.limit();
    try {
      lock.readLock().lock();
      try {
        long end = committedEnd(at);
        if (end <= at) {
          target.limit(target.position() + (int) Math.min(target.remaining(), ownEnd(at) - at));
          return readOwn(file, target, at);
        }
        target.limit(target.position() + (int) Math.min(target.remaining(), end - at));
      } finally {
        lock.readLock().unlock();
      }
      return reader.read(at, target);
    } finally {
      target.limit(limit);
    }
  }

  /** Reads bytes of the content file, which is made as long as the file is only to be changed. */
  private int readOwn(NativeFile content, ByteBuffer target, long at) throws FsException {
    int begin = target.position();
    content.read(target, at);
    while (!writable && target.hasRemaining()) {
      target.put((byte) 0);
    }
    return target.position() - begin;
  }

  /** Where the committed bytes that show from {@code at} end; {@code at} where none show. */
  long committedEnd(long at) throws FsException {
    file();
    if (place == null || at >= baseLimit) {
      return at;
    }
    if (pages == null) {
      return baseLimit;
    }
    long page = at / PAGE;
    return pages.has(page) ? at : Math.min(baseLimit, pages.nextPresent(page) * PAGE);
  }

  /** Where the own bytes from {@code at} end: where committed ones show again, or never. */
  long ownEnd(long at) {
    if (place == null || pages == null) {
      return Long.MAX_VALUE;
    }
    long end = pages.nextAbsent(at / PAGE) * PAGE;
    return at >= baseLimit || end >= baseLimit ? Long.MAX_VALUE : end;
  }

  /** Notes that it was read, if relatime wants to know. */
  void accessed() throws FsException {
    Row row = metadata.row(number);
    if (row == null || !isStale(row, clock.instant())) {
      return;
    }
    updateRow(
        edit -> {
          edit.atime = clock.instant();
          return false;
        });
  }

  /** Whether the time of access is so old that a read renews it, as relatime has it. */
  static boolean isStale(Row row, Instant now) {
    return !row.atime().isAfter(row.mtime())
        || !row.atime().isAfter(row.ctime())
        || row.atime().plus(RELATIVE_ATIME).isBefore(now);
  }

  /**
   * Writes all of {@code source}, or on a full disk as much of it as there is room for.
   *
   * @param offset where; below 0: at the end
   * @return where the bytes were written
   */
  long write(long offset, ByteBuffer source) throws FsException {
    long length = source.remaining();
    if (length == 0) {
      return Math.max(0, offset);
    }
    // What is appended lies behind all committed bytes.
    Edges edges = offset < 0 ? Edges.NONE : edges(offset, length);
    lock.writeLock().lock();
    try {
      long at = offset < 0 ? size : offset;
      NativeFile content = requireFile();
      copyUp(edges);
      int begin = source.position();
      try {
        content.write(source, at);
      } catch (FsException e) {
        keepWholePages(source, begin, at);
        if (source.position() == begin) {
          throw e;
        }
      }
      long end = at + source.position() - begin;
      addPages(at, end);
      wrote(end);
      return at;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** After a short write: a page that shows committed bytes must not count as written in part. */
  private void keepWholePages(ByteBuffer source, int begin, long at) {
    long end = at + source.position() - begin;
    if (place != null && end < baseLimit && !pages.has(end / PAGE)) {
      source.position(begin + (int) Math.max(0, end / PAGE * PAGE - at));
    }
  }

  /** Takes note of pages that were written, so that what was committed shows no more. */
  private void addPages(long from, long end) throws FsException {
    if (place == null || from >= baseLimit) {
      return;
    }
    try {
      pages.add(from / PAGE, (Math.min(end, baseLimit) + PAGE - 1) / PAGE);
    } catch (FsException e) {
      if (end > size) {
        file.truncate(size); // or the bytes would show once the file grows
      }
      throw e;
    }
  }

  private void wrote(long end) throws FsException {
    size = Math.max(size, end);
    updateRow(
        row -> {
          row.size = size;
          row.modified(clock.instant());
          return false;
        });
  }

  /** Committed bytes of the pages at both ends of a range, where they are needed. */
  private record Edges(long firstPage, ByteBuffer first, long lastPage, ByteBuffer last) {
    static final Edges NONE = new Edges(0, null, 0, null);
  }

  /** Reads what of partly covered pages has to be copied. Called without the lock. */
  private Edges edges(long from, long length) throws FsException {
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
    if (place == null || start >= baseLimit) {
      return null;
    }
    FileReader reader;
    file();
    lock.writeLock().lock();
    try {
      if (committedEnd(start) <= start) {
        return null;
      }
      reader = committed;
    } finally {
      lock.writeLock().unlock();
    }
    if (reader == null) {
      reader = base.open(place);
      lock.writeLock().lock();
      try {
        committed = committed == null ? reader : committed;
      } finally {
        lock.writeLock().unlock();
      }
    }
    ByteBuffer bytes = ByteBuffer.allocate(PAGE);
    reader.read(start, bytes);
    return bytes.flip();
  }

  /** Copies pages that are still not there. Called with the write lock. */
  private void copyUp(Edges edges) throws FsException {
    copyUp(edges.firstPage(), edges.first());
    copyUp(edges.lastPage(), edges.last());
  }

  private void copyUp(long page, ByteBuffer bytes) throws FsException {
    long start = page * PAGE;
    if (bytes == null || committedEnd(start) <= start) {
      return;
    }
    ByteBuffer copied = bytes.duplicate();
    copied.limit((int) Math.min(copied.limit(), baseLimit - start));
    file.write(copied, start);
    pages.add(page, page + 1);
  }

  /**
   * Sets the length.
   *
   * @param always whether the times change even if the length does not
   */
  void truncate(long length, boolean always) throws FsException {
    lock.writeLock().lock();
    try {
      if (length < size) {
        cut(length);
      } else if (length > size) {
        lengthen(length);
      } else if (always) {
        updateRow(
            row -> {
              row.modified(clock.instant());
              return true;
            });
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * The row comes first: should it fail, nothing is lost. Should the process end before the content
   * file is cut as well, opening that does it, and {@code blocks} tells that there is something.
   */
  private void cut(long length) throws FsException {
    NativeFile content = file();
    long limit = Math.min(baseLimit, length);
    long blocks = content == null ? Base.blocks(length) : blocks();
    updateRow(
        new Change().freeingSpace(),
        row -> {
          row.size = length;
          row.baseLimit = limit;
          row.blocks = blocks;
          row.dirty = false;
          row.modified(clock.instant());
          return true;
        });
    size = length;
    baseLimit = limit;
    dirty = false;
    if (content != null) {
      content.truncate(length);
      long left = blocks();
      updateRow(
          row -> {
            row.blocks = left;
            return false;
          });
    }
  }

  private void lengthen(long length) throws FsException {
    NativeFile content = requireFile();
    content.truncate(length);
    try {
      updateRow(
          row -> {
            row.size = length;
            row.modified(clock.instant());
            return true;
          });
    } catch (FsException e) {
      content.truncate(size);
      throw e;
    }
    size = length;
  }

  /** Linux's {@code fallocate}. */
  void allocate(AllocateMode mode, long offset, long length) throws FsException {
    if (offset < 0 || length <= 0 || offset + length < 0) {
      throw new FsException(FailureKind.INVALID, "not a range of a file");
    }
    Edges edges = mode.clears() ? edges(offset, length) : Edges.NONE;
    lock.writeLock().lock();
    try {
      NativeFile content = requireFile();
      copyUp(edges);
      content.allocate(mode.flags(), offset, length);
      long end = offset + length;
      if (mode.clears()) {
        addPages(offset, end);
      }
      wrote(mode.keepsSize() ? size : end);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Linux's {@code lseek}; committed bytes count as data. */
  long seek(SeekMode mode, long offset) throws FsException {
    NativeFile content = file();
    lock.readLock().lock();
    try {
      if (offset < 0 || offset >= size) {
        throw new FsException(FailureKind.NO_DATA, "behind the end of the file");
      }
      return mode == SeekMode.DATA ? seekData(content, offset) : seekHole(content, offset);
    } finally {
      lock.readLock().unlock();
    }
  }

  private long seekData(NativeFile content, long offset) throws FsException {
    if (committedEnd(offset) > offset) {
      return offset;
    }
    long end = ownEnd(offset);
    try {
      return Math.min(end, content.seek(SeekMode.DATA, offset));
    } catch (FsException e) {
      if (e.kind() != FailureKind.NO_DATA || end >= size) {
        throw e;
      }
      return end;
    }
  }

  private long seekHole(NativeFile content, long offset) throws FsException {
    long at = offset;
    while (at < size) {
      long committedEnd = committedEnd(at);
      if (committedEnd > at) {
        at = committedEnd;
        continue;
      }
      long end = ownEnd(at);
      long hole = content.seek(SeekMode.HOLE, at);
      if (hole < end) {
        return Math.min(hole, size);
      }
      at = end;
    }
    return size;
  }

  /** Brings the row up to date with the content, so that the process may end. */
  void flush() throws FsException {
    lock.writeLock().lock();
    try {
      if (!dirty || missing || file == null) {
        return;
      }
      long blocks = blocks();
      updateRow(
          row -> {
            row.blocks = blocks;
            row.dirty = false;
            return true;
          });
      dirty = false;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Brings content and row to the disk. */
  void sync(boolean dataOnly) throws FsException {
    NativeFile content = file();
    if (content != null) {
      synchronized (syncing) {
        syncContent(content, dataOnly);
      }
    }
    flush();
    metadata.sync();
  }

  private void syncContent(NativeFile content, boolean dataOnly) throws FsException {
    PageMap.Unsynced taken = takeUnsynced();
    try {
      content.sync(dataOnly);
      if (!nameSynced) {
        files.syncName(number);
        nameSynced = true;
      }
      if (taken != null) {
        pages.keep(taken);
      }
    } catch (FsException e) {
      restore(taken);
      throw e;
    }
  }

  private PageMap.Unsynced takeUnsynced() {
    lock.writeLock().lock();
    try {
      return pages == null ? null : pages.unsynced();
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void restore(PageMap.Unsynced taken) {
    if (taken != null) {
      lock.writeLock().lock();
      try {
        pages.restore(taken);
      } finally {
        lock.writeLock().unlock();
      }
    }
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (file != null) {
        file.close();
      }
      if (pages != null) {
        pages.close();
      }
      if (committed != null) {
        committed.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
