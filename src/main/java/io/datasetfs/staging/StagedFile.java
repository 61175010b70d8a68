package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.read.FileReader;
import java.nio.ByteBuffer;

/**
 * An open file of an uncommitted version. Stays usable when its last name goes. Thread-safe, except
 * that closing waits for no call: whoever closes knows that there are none.
 */
public final class StagedFile implements AutoCloseable {
  private final Opening opening;
  private final StagedInode inode;
  private final Content content;

  /** Set while it is open for writing. */
  private final OpenInodes.Writer writer;

  private final Base base;
  private final BasePlace place;
  private FileReader committed;
  private boolean closed;

  StagedFile(
      Opening opening,
      StagedInode inode,
      Content content,
      OpenInodes.Writer writer,
      Base base,
      BasePlace place) {
    this.opening = opening;
    this.inode = inode;
    this.content = content;
    this.writer = writer;
    this.base = base;
    this.place = place;
  }

  /** What is open. */
  public StagedInode inode() {
    return inode;
  }

  /**
   * Reads into {@code target} from its position, up to its limit or the end of the file, and
   * advances the position.
   *
   * @param offset first byte wanted; at or behind the end nothing is read
   * @return the number of bytes read; less than asked for only at the end of the file
   * @throws FsException what reading the base met; the position is then where it was
   */
  public int read(long offset, ByteBuffer target) throws FsException {
    if (offset < 0) {
      throw new FsException(FailureKind.INVALID, "a file has no byte " + offset);
    }
    int count = content.read(offset, target, place == null ? null : committed());
    if (count > 0) {
      content.accessed();
    }
    return count;
  }

  private synchronized FileReader committed() throws FsException {
    if (committed == null) {
      committed = base.open(place);
    }
    return committed;
  }

  /**
   * Writes at {@code offset}, beyond the end if need be, and advances the position. What was
   * written survives the end of this process.
   *
   * @return the number of bytes written: all, or as many as the disk had room for
   * @throws FsException BAD_DESCRIPTOR when it is not open for writing, NO_SPACE, TOO_LARGE,
   *     READ_ONLY once the version is sealed
   */
  public int write(long offset, ByteBuffer source) throws FsException {
    if (offset < 0) {
      throw new FsException(FailureKind.INVALID, "a file has no byte " + offset);
    }
    requireWritable();
    int begin = source.position();
    content.write(offset, source);
    return source.position() - begin;
  }

  /**
   * Writes at the end, wherever that is when the bytes are written.
   *
   * @return where they are; how many were written tells the source's position
   */
  public long append(ByteBuffer source) throws FsException {
    requireWritable();
    return content.write(-1, source);
  }

  /** Sets the length; the times change in any case. */
  public void truncate(long size) throws FsException {
    requireWritable();
    if (size < 0) {
      throw new FsException(FailureKind.INVALID, "a length below 0");
    }
    content.truncate(size);
  }

  /** Linux's {@code fallocate}. */
  public void allocate(AllocateMode mode, long offset, long length) throws FsException {
    requireWritable();
    content.allocate(mode, offset, length);
  }

  /**
   * Linux's {@code lseek} for bytes and holes.
   *
   * @throws FsException NO_DATA at or behind the end, or when there are no bytes up to there
   */
  public long seek(SeekMode mode, long offset) throws FsException {
    return content.seek(mode, offset);
  }

  /**
   * Makes it safe from the end of the machine: content, attributes, and all names that changed
   * before.
   *
   * @param dataOnly whether {@code fdatasync} is meant
   */
  public void sync(boolean dataOnly) throws FsException {
    content.sync(dataOnly);
  }

  /** For each {@code close} of a descriptor: what was written shows after a restart. */
  public void flush() throws FsException {
    if (writer != null) {
      content.flush();
    }
  }

  private void requireWritable() throws FsException {
    if (writer == null) {
      throw new FsException(FailureKind.BAD_DESCRIPTOR, "not open for writing");
    }
    opening.requireUnsealed();
  }

  /** The last descriptor was closed. */
  @Override
  public void close() throws FsException {
    FileReader reader;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      reader = committed;
    }
    if (reader != null) {
      reader.close();
    }
    try {
      flush();
    } finally {
      opening.closed(inode, writer);
    }
  }
}
