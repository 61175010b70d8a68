package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The changes that are not in the tables yet, in files {@code journal.N}: each change a length, a
 * CRC-32C and its bytes, behind the last a length of 0, or of -1 where the next file goes on. What
 * was appended survives the process; what was {@linkplain #sync synced}, the machine.
 *
 * <p>Room is allocated before it is needed, and the last of it is kept for changes that free space:
 * on a full disk files can still be deleted. Callers hold the lock of {@link Metadata} except where
 * it says otherwise.
 */
final class Journal implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Journal.class.getName());

  private static final String PREFIX = "journal.";
  private static final String UNUSED = "unused.";
  private static final int HEADER = 8;
  private static final int CONTINUED = -1;
  private static final int STEP = 1 << 20;
  private static final int RESERVE = 256 << 10;
  private static final int CLEAR = 256 << 10;

  private final Path directory;
  private final NativeFile directoryFile;

  /** Where records are put together. */
  private ByteBuffer record = ByteBuffer.allocateDirect(4096);

  private Segment current;

  /** Whether the segment that was replayed last said that another goes on. */
  private boolean continued;

  /** The segment whose changes are on their way into the tables, or {@code null}. */
  private Segment leaving;

  private final Object syncing = new Object();

  private static final class Segment {
    final long number;
    final Path path;
    final NativeFile file;
    long allocated;
    volatile long end;

    /** How much of it is safe; guarded by {@code syncing}. */
    long synced = -1;

    Segment(long number, Path path, NativeFile file) {
      this.number = number;
      this.path = path;
      this.file = file;
    }
  }

  /** Takes a replayed change. */
  interface Replay {
    void apply(Change change) throws FsException;
  }

  private Journal(Path directory, NativeFile directoryFile) {
    this.directory = directory;
    this.directoryFile = directoryFile;
  }

  /**
   * Replays what a process left behind, and goes on behind it.
   *
   * @param applied the number of the last segment that is in the tables
   */
  static Journal open(Path directory, long applied, Replay replay) throws FsException {
    Journal journal = new Journal(directory, NativeFile.open(directory, NativeFile.READ));
    try {
      for (Map.Entry<Long, Path> segment : segments(directory).entrySet()) {
        if (segment.getKey() <= applied) {
          delete(segment.getValue());
        } else if (journal.current != null && !journal.continued) {
          setAside(segment.getValue());
        } else {
          journal.takeOver(segment.getKey(), segment.getValue(), replay);
        }
      }
      if (journal.current == null) {
        journal.current = journal.begin(applied + 1);
      } else {
        zero(journal.current, journal.current.end, journal.current.allocated);
      }
      return journal;
    } catch (FsException | RuntimeException | Error e) {
      journal.close();
      throw e;
    }
  }

  /** Replays a segment and goes on in it: its room is there even where the disk is full. */
  private void takeOver(long number, Path path, Replay replay) throws FsException {
    if (current != null) {
      current.file.close();
    }
    Segment segment = new Segment(number, path, NativeFile.open(path, NativeFile.WRITE));
    current = segment;
    segment.allocated = segment.file.stat().size();
    segment.end = replay(path, replay);
  }

  /**
   * The changes before these are lost, so they cannot be made; they are kept for who needs them.
   */
  private static void setAside(Path segment) throws FsException {
    Path kept = segment.resolveSibling(UNUSED + segment.getFileName());
    try {
      Files.move(segment, kept, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw FsException.from(segment.toString(), e);
    }
    LOG.log(
        System.Logger.Level.WARNING,
        "{0}: the last changes before the machine went down are lost; what is left of them is kept",
        kept);
  }

  /** Empties the journal, for when what was replayed is in the tables. */
  void restart() throws FsException {
    for (Map.Entry<Long, Path> segment : segments(directory).entrySet()) {
      if (segment.getKey() < current.number) {
        delete(segment.getValue());
      }
    }
    zero(current, 0, current.allocated);
    current.end = 0;
  }

  /** Overwrites what was written; room that was allocated stays so. */
  private static void zero(Segment segment, long from, long to) throws FsException {
    ByteBuffer zeros = ByteBuffer.allocate(CLEAR);
    for (long at = from; at < to; at += CLEAR) {
      zeros.clear().limit((int) Math.min(CLEAR, to - at));
      segment.file.write(zeros, at);
    }
  }

  private static SortedMap<Long, Path> segments(Path directory) throws FsException {
    SortedMap<Long, Path> segments = new TreeMap<>();
    for (Path file : Entries.of(directory)) {
      String name = file.getFileName().toString();
      if (name.startsWith(PREFIX)) {
        segments.put(Long.parseLong(name.substring(PREFIX.length())), file);
      }
    }
    return segments;
  }

  /** Gives the end of what could be read. */
  private long replay(Path path, Replay replay) throws FsException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(path);
    } catch (IOException e) {
      throw FsException.from(path.toString(), e);
    }
    ByteBuffer left = ByteBuffer.wrap(bytes);
    List<Change> changes = new ArrayList<>();
    continued = false;
    long end = 0;
    while (left.remaining() >= HEADER) {
      int length = left.getInt();
      int sum = left.getInt();
      if (length <= 0 || length > left.remaining()) {
        continued = length == CONTINUED;
        break;
      }
      byte[] change = new byte[length];
      left.get(change);
      if (sum(ByteBuffer.wrap(change)) != sum) {
        break; // never acknowledged, or never synced before the machine went down
      }
      try {
        changes.add(ChangeCodec.decode(change));
        end = left.position();
      } catch (IOException e) {
        throw new FsException(
            FailureKind.NEWER_FORMAT,
            path + ": written by another release (use that one to commit or delete the version)",
            e);
      }
    }
    for (Change change : changes) {
      replay.apply(change);
    }
    return end;
  }

  private Segment begin(long number) throws FsException {
    Path path = directory.resolve(PREFIX + number);
    Segment segment =
        new Segment(number, path, NativeFile.open(path, NativeFile.WRITE | NativeFile.CREATE));
    try {
      segment.file.truncate(0);
      allocate(segment, 2L * RESERVE);
      return segment;
    } catch (FsException e) {
      segment.file.close();
      delete(path);
      throw e;
    }
  }

  private static void allocate(Segment segment, long upTo) throws FsException {
    try {
      segment.file.allocate(
          AllocateMode.EXTEND.flags(), segment.allocated, upTo - segment.allocated);
    } catch (FsException e) {
      if (e.kind() != FailureKind.UNSUPPORTED) {
        throw e;
      }
      segment.file.truncate(upTo); // a file system that cannot reserve
    }
    segment.allocated = upTo;
  }

  /** The number of bytes in the current segment. */
  long length() {
    return current.end;
  }

  /**
   * Appends a change, which then survives the end of the process.
   *
   * @throws FsException NO_SPACE, and nothing is appended
   */
  void append(Change change) throws FsException {
    byte[] bytes;
    try {
      bytes = ChangeCodec.encode(change);
    } catch (IOException e) {
      throw new FsException(FailureKind.IO, "a change cannot be encoded", e);
    }
    int length = HEADER + bytes.length;
    makeRoom(length, change.freesSpace());
    if (record.capacity() < length) {
      record = ByteBuffer.allocateDirect(2 * length);
    }
    record.clear();
    record.putInt(bytes.length).putInt(sum(ByteBuffer.wrap(bytes))).put(bytes).flip();
    current.end = write(record);
  }

  /** Writes behind the end, over what an append that failed may have left; gives the new end. */
  private long write(ByteBuffer bytes) throws FsException {
    long at = current.end;
    return at + current.file.write(bytes, at);
  }

  private void makeRoom(int length, boolean fromReserve) throws FsException {
    // One more length has to fit behind the last record.
    long wanted = current.end + length + HEADER + (fromReserve ? 0 : RESERVE);
    if (wanted <= current.allocated) {
      return;
    }
    try {
      allocate(current, Math.max(wanted, current.allocated + STEP));
    } catch (FsException e) {
      if (e.kind() != FailureKind.NO_SPACE) {
        throw e;
      }
      allocate(current, wanted);
    }
  }

  private static int sum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /** Begins a new segment; the one before is leaving until {@link #forget} is called. */
  void rotate() throws FsException {
    long end = write(ByteBuffer.allocateDirect(HEADER).putInt(CONTINUED).putInt(0).flip());
    Segment next = begin(current.number + 1);
    current.end = end; // to be synced before anything in the next one is
    leaving = current;
    current = next;
  }

  /** The number of the segment that is leaving. */
  long leaving() {
    return leaving.number;
  }

  /** Deletes the segment that was leaving: what it held is safe elsewhere. */
  void forget() throws FsException {
    Segment gone = leaving;
    leaving = null;
    gone.file.close();
    delete(gone.path);
  }

  private static void delete(Path path) throws FsException {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw FsException.from(path.toString(), e);
    }
  }

  /** What has to be synced for all that was appended so far to be safe. */
  Mark mark() {
    return new Mark(leaving, current, current.end);
  }

  /** A moment in the journal's life. */
  record Mark(Object leaving, Object current, long end) {}

  /** Makes all before a mark safe. Called without the lock: it takes as long as the disk does. */
  void sync(Mark mark) throws FsException {
    synchronized (syncing) {
      if (mark.leaving() instanceof Segment before) {
        sync(before, before.end);
      }
      sync((Segment) mark.current(), mark.end());
    }
  }

  private void sync(Segment segment, long end) throws FsException {
    if (segment.synced >= end) {
      return;
    }
    long reached = segment.end;
    try {
      if (segment.synced < 0) {
        segment.file.sync(false);
        directoryFile.sync(false);
      } else {
        segment.file.sync(true);
      }
    } catch (FsException e) {
      if (e.kind() == FailureKind.BAD_DESCRIPTOR) {
        return; // it has left meanwhile, and what it held is safe in the tables
      }
      throw e;
    }
    segment.synced = reached;
  }

  @Override
  public void close() {
    if (current != null) {
      current.file.close();
    }
    if (leaving != null) {
      leaving.file.close();
    }
    directoryFile.close();
  }
}
