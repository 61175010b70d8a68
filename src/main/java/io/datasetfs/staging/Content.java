package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.read.FileReader;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The bytes of a regular file that is open: those of its {@link ContentFile} and, where it lies
 * over a committed one, the committed bytes that still show.
 *
 * <p>Thread-safe. Lock order: this content's, then that of {@link Metadata}. Nothing is read from
 * far away under either.
 */
final class Content implements AutoCloseable {
  private static final int PAGE = PageMap.PAGE;

  private final Metadata metadata;
  private final ContentRow row;
  private final ContentFile file;
  private final ReentrantReadWriteLock lock;
  private final CopyUp copyUp;
  private final Reading reading;
  private final Truncating truncating;
  private final Syncing syncing;

  Content(Row row, Metadata metadata, ContentFiles files, Base base, Clock clock) {
    this(row, metadata, files, base, clock, true);
  }

  private Content(
      Row row, Metadata metadata, ContentFiles files, Base base, Clock clock, boolean writable) {
    this.metadata = metadata;
    this.row = new ContentRow(row, metadata, clock);
    this.file = new ContentFile(row, this.row, files, writable);
    this.lock = file.lock();
    this.copyUp = new CopyUp(file, base, row.base());
    this.reading = new Reading(file);
    this.truncating = new Truncating(file, this.row);
    this.syncing = new Syncing(file, files, row.number());
  }

  /** That of a sealed version, to be read. */
  static Content readOnly(Row row, Metadata metadata, ContentFiles files, Base base, Clock clock) {
    return new Content(row, metadata, files, base, clock, false);
  }

  /** The length of the file. */
  long size() {
    return file.size();
  }

  /** Committed bytes show below this. */
  long committedLimit() {
    return file.baseLimit();
  }

  /** Where the committed bytes that show from {@code at} end; {@code at} where none show. */
  long committedEnd(long at) throws FsException {
    return file.committedEnd(at);
  }

  /** Where the own bytes from {@code at} end: where committed ones show again, or never. */
  long ownEnd(long at) {
    return file.ownEnd(at);
  }

  /** Whether all of it is as it was committed. */
  boolean isCommitted(long committedSize) throws FsException {
    return file.isOverBase()
        && size() == committedSize
        && committedLimit() == committedSize
        && committedEnd(0) == size();
  }

  /** Units of 512 bytes. */
  long blocks() throws FsException {
    return file.blocks();
  }

  /**
   * Reads as {@link FileReader#read} does.
   *
   * @param reader reads the committed file that this one lies over, if it does; opened by whoever
   *     reads, since it remembers how it is read
   */
  int read(long offset, ByteBuffer target, FileReader reader) throws FsException {
    return reading.read(offset, target, reader);
  }

  /** Notes that it was read, if relatime wants to know. */
  void accessed() throws FsException {
    row.accessed();
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
    CopyUp.Edges edges = offset < 0 ? CopyUp.Edges.NONE : copyUp.read(offset, length);
    lock.writeLock().lock();
    try {
      long at = offset < 0 ? size() : offset;
      NativeFile content = file.require();
      copyUp.write(edges);
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
      file.addPages(at, end);
      wrote(end);
      return at;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** After a short write: a page that shows committed bytes must not count as written in part. */
  private void keepWholePages(ByteBuffer source, int begin, long at) {
    long end = at + source.position() - begin;
    if (file.isOverBase() && end < file.baseLimit() && !file.pages().has(end / PAGE)) {
      source.position(begin + (int) Math.max(0, end / PAGE * PAGE - at));
    }
  }

  private void wrote(long end) throws FsException {
    file.setSize(Math.max(size(), end));
    row.update(
        edit -> {
          edit.size = size();
          edit.modified(row.now());
          return false;
        });
  }

  /** Sets the length; the times change also where that stays what it was. */
  void truncate(long length) throws FsException {
    lock.writeLock().lock();
    try {
      truncating.run(length);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Linux's {@code fallocate}. */
  void allocate(AllocateMode mode, long offset, long length) throws FsException {
    if (offset < 0 || length <= 0 || offset + length < 0) {
      throw new FsException(FailureKind.INVALID, "not a range of a file");
    }
    CopyUp.Edges edges = mode.clears() ? copyUp.read(offset, length) : CopyUp.Edges.NONE;
    lock.writeLock().lock();
    try {
      NativeFile content = file.require();
      copyUp.write(edges);
      content.allocate(mode.flags(), offset, length);
      long end = offset + length;
      if (mode.clears()) {
        file.addPages(offset, end);
      }
      wrote(mode.keepsSize() ? size() : end);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Linux's {@code lseek}; committed bytes count as data. */
  long seek(SeekMode mode, long offset) throws FsException {
    file.find(); // before the lock, which opening takes for writing
    lock.readLock().lock();
    try {
      // The first write may have made it meanwhile.
      return new Seeking(file, file.find()).run(mode, offset);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Brings the row up to date with the content, so that the process may end. */
  void flush() throws FsException {
    lock.writeLock().lock();
    try {
      if (!row.isDirty() || !file.isOpen()) {
        return;
      }
      long blocks = blocks();
      row.update(
          edit -> {
            edit.blocks = blocks;
            edit.dirty = false;
            return true;
          });
      row.cleaned();
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Brings content and row to the disk. */
  void sync(boolean dataOnly) throws FsException {
    syncing.run(dataOnly);
    flush();
    metadata.sync();
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      file.close();
      copyUp.close();
    } finally {
      lock.writeLock().unlock();
    }
  }
}
