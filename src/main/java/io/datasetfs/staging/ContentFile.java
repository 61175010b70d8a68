package io.datasetfs.staging;

import io.datasetfs.model.FsException;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The content file of an open file, and what of the file it shows. It is as long as the file is;
 * where that lies over a committed one, a {@link PageMap} tells which pages were written or copied,
 * and the others show the committed bytes up to a limit.
 *
 * <p>What the parts of a {@link Content} share, guarded by its {@link #lock}.
 */
final class ContentFile implements AutoCloseable {
  private static final int PAGE = PageMap.PAGE;

  private final ContentRow row;
  private final ContentFiles files;
  private final boolean overBase;

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

  ContentFile(Row row, ContentRow contentRow, ContentFiles files, boolean writable) {
    this.row = contentRow;
    this.files = files;
    this.overBase = row.base() != null;
    this.writable = writable;
    this.size = row.size();
    this.baseLimit = row.baseLimit();
  }

  /** Taken before that of {@link Metadata}. */
  ReentrantReadWriteLock lock() {
    return lock;
  }

  boolean isWritable() {
    return writable;
  }

  boolean isOverBase() {
    return overBase;
  }

  /** The length of the file. */
  long size() {
    return size;
  }

  /** Takes note of the length. Called with the write lock. */
  void setSize(long length) {
    size = length;
  }

  /** Committed bytes show below this. */
  long baseLimit() {
    return baseLimit;
  }

  /** Shows fewer committed bytes from now on. Called with the write lock. */
  void setBaseLimit(long limit) {
    baseLimit = limit;
  }

  /** Units of 512 bytes. */
  long blocks() throws FsException {
    NativeFile content = find();
    return content == null || overBase ? Base.blocks(size) : content.stat().blocks();
  }

  /** The content file, or {@code null}. */
  NativeFile find() throws FsException {
    NativeFile known = file;
    if (known != null || missing) {
      return known;
    }
    lock.writeLock().lock();
    try {
      if (file == null && !missing) {
        if (files.exists(row.number())) {
          open();
        } else {
          missing = true;
        }
      }
      return file;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Whether the content file has been opened. Called with the lock. */
  boolean isOpen() {
    return file != null;
  }

  /** Opens or makes the content file. Called with the write lock. */
  private void open() throws FsException {
    int flags = writable ? NativeFile.WRITE | NativeFile.CREATE : NativeFile.READ;
    NativeFile opened = NativeFile.open(files.file(row.number()), flags);
    try {
      // A process that ended between making it and saying so left it too short.
      if (writable && !(row.isDirty() && !missing) && opened.stat().size() != size) {
        opened.truncate(size);
      }
      pages = overBase ? PageMap.open(files, row.number()) : null;
    } catch (FsException e) {
      opened.close();
      throw e;
    }
    file = opened;
    missing = false;
  }

  /** The content file, ready for a change of content. Called with the write lock. */
  NativeFile require() throws FsException {
    if (find() == null) {
      open();
    }
    row.markDirty();
    return file;
  }

  /** The map of pages, or {@code null} where there is none. Called with the lock. */
  PageMap pages() {
    return pages;
  }

  /** Where the committed bytes that show from {@code at} end; {@code at} where none show. */
  long committedEnd(long at) throws FsException {
    find();
    if (!overBase || at >= baseLimit) {
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
    if (!overBase || pages == null || at >= baseLimit) {
      return Long.MAX_VALUE;
    }
    long end = pages.nextAbsent(at / PAGE) * PAGE;
    return end >= baseLimit ? Long.MAX_VALUE : end;
  }

  /**
   * Takes note of pages that were written, so that what was committed shows no more. Called with
   * the write lock.
   */
  void addPages(long from, long end) throws FsException {
    if (!overBase || from >= baseLimit) {
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
    } finally {
      lock.writeLock().unlock();
    }
  }
}
