package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One file {@code journal.N} of a {@link Journal}, and the room in it that is allocated. Guarded by
 * the lock of {@link Metadata}, except where it says otherwise.
 */
final class JournalSegment implements AutoCloseable {
  private static final String PREFIX = "journal.";
  private static final int CLEAR = 256 << 10;

  private final long number;
  private final Path path;
  private final NativeFile file;
  private long allocated;
  private volatile long end;

  /** How much of it is safe; guarded by whoever syncs. */
  private long synced = -1;

  private JournalSegment(long number, Path path, NativeFile file) {
    this.number = number;
    this.path = path;
    this.file = file;
  }

  /** Those that there are in an area, by number. */
  static SortedMap<Long, Path> all(Path directory) throws FsException {
    SortedMap<Long, Path> segments = new TreeMap<>();
    for (Path file : Entries.of(directory)) {
      String name = file.getFileName().toString();
      if (name.startsWith(PREFIX)) {
        segments.put(Long.parseLong(name.substring(PREFIX.length())), file);
      }
    }
    return segments;
  }

  /** Makes one, with so much room. */
  static JournalSegment create(Path directory, long number, long room) throws FsException {
    Path path = directory.resolve(PREFIX + number);
    JournalSegment segment =
        new JournalSegment(
            number, path, NativeFile.open(path, NativeFile.WRITE | NativeFile.CREATE));
    try {
      segment.file.truncate(0);
      segment.allocate(room);
      return segment;
    } catch (FsException e) {
      segment.close();
      delete(path);
      throw e;
    }
  }

  /** Opens one that is there, to go on in it: its room is there even where the disk is full. */
  static JournalSegment open(long number, Path path) throws FsException {
    NativeFile file = NativeFile.open(path, NativeFile.WRITE);
    try {
      JournalSegment segment = new JournalSegment(number, path, file);
      segment.allocated = file.stat().size();
      return segment;
    } catch (FsException e) {
      file.close();
      throw e;
    }
  }

  long number() {
    return number;
  }

  Path path() {
    return path;
  }

  /** How much room there is, what was written included. */
  long allocated() {
    return allocated;
  }

  /** The number of bytes that count; read without the lock, too. */
  long end() {
    return end;
  }

  void setEnd(long position) {
    end = position;
  }

  void allocate(long upTo) throws FsException {
    try {
      file.allocate(AllocateMode.EXTEND.flags(), allocated, upTo - allocated);
    } catch (FsException e) {
      if (e.kind() != FailureKind.UNSUPPORTED) {
        throw e;
      }
      file.truncate(upTo); // a file system that cannot reserve
    }
    allocated = upTo;
  }

  /**
   * Writes behind the end, over what an append that failed may have left.
   *
   * @return the new end, which counts once it is {@linkplain #setEnd set}
   */
  long write(ByteBuffer bytes) throws FsException {
    long at = end;
    return at + file.write(bytes, at);
  }

  /** Overwrites what is behind {@code from}; room that was allocated stays so. */
  void clear(long from) throws FsException {
    ByteBuffer zeros = ByteBuffer.allocate(CLEAR);
    for (long at = from; at < allocated; at += CLEAR) {
      zeros.clear().limit((int) Math.min(CLEAR, allocated - at));
      file.write(zeros, at);
    }
    end = from;
  }

  /**
   * Makes it safe up to a position. Called without the lock, by one thread at a time.
   *
   * @param directory where its name is
   */
  void sync(long upTo, NativeFile directory) throws FsException {
    if (synced >= upTo) {
      return;
    }
    long reached = end;
    try {
      if (synced < 0) {
        file.sync(false);
        directory.sync(false);
      } else {
        file.sync(true);
      }
    } catch (FsException e) {
      if (e.kind() == FailureKind.BAD_DESCRIPTOR) {
        return; // it has left meanwhile, and what it held is safe in the tables
      }
      throw e;
    }
    synced = reached;
  }

  static void delete(Path path) throws FsException {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw FsException.from(path.toString(), e);
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
