package io.datasetfs.staging;

import static io.datasetfs.staging.JournalRecord.HEADER;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;

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
  private static final int STEP = 1 << 20;
  private static final int RESERVE = 256 << 10;

  private final Path directory;
  private final NativeFile directoryFile;

  /** Where records are put together. */
  private ByteBuffer record = ByteBuffer.allocateDirect(4096);

  private JournalSegment current;

  /** The segment whose changes are on their way into the tables, or {@code null}. */
  private JournalSegment leaving;

  private final Object syncing = new Object();

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
      journal.current = new JournalReplay(directory, replay).run(applied);
      if (journal.current == null) {
        journal.current = journal.begin(applied + 1);
      }
      return journal;
    } catch (FsException | RuntimeException | Error e) {
      journal.close();
      throw e;
    }
  }

  /** Empties the journal, for when what was replayed is in the tables. */
  void restart() throws FsException {
    for (Map.Entry<Long, Path> segment : JournalSegment.all(directory).entrySet()) {
      if (segment.getKey() < current.number()) {
        JournalSegment.delete(segment.getValue());
      }
    }
    current.clear(0);
  }

  private JournalSegment begin(long number) throws FsException {
    return JournalSegment.create(directory, number, 2L * RESERVE);
  }

  /** The number of bytes in the current segment. */
  long length() {
    return current.end();
  }

  /**
   * Appends a change, which then survives the end of the process.
   *
   * @throws FsException NO_SPACE, and nothing is appended
   */
  void append(Change change) throws FsException {
    byte[] bytes = JournalRecord.encode(change);
    int length = HEADER + bytes.length;
    makeRoom(length, change.freesSpace());
    if (record.capacity() < length) {
      record = ByteBuffer.allocateDirect(2 * length);
    }
    JournalRecord.put(bytes, record);
    current.setEnd(current.write(record));
  }

  private void makeRoom(int length, boolean fromReserve) throws FsException {
    // One more length has to fit behind the last record.
    long wanted = current.end() + length + HEADER + (fromReserve ? 0 : RESERVE);
    if (wanted <= current.allocated()) {
      return;
    }
    try {
      current.allocate(Math.max(wanted, current.allocated() + STEP));
    } catch (FsException e) {
      if (e.kind() != FailureKind.NO_SPACE) {
        throw e;
      }
      current.allocate(wanted);
    }
  }

  /** Begins a new segment; the one before is leaving until {@link #forget} is called. */
  void rotate() throws FsException {
    long end = current.write(JournalRecord.continued());
    JournalSegment next = begin(current.number() + 1);
    current.setEnd(end); // to be synced before anything in the next one is
    leaving = current;
    current = next;
  }

  /** The number of the segment that is leaving. */
  long leaving() {
    return leaving.number();
  }

  /** Deletes the segment that was leaving: what it held is safe elsewhere. */
  void forget() throws FsException {
    JournalSegment gone = leaving;
    leaving = null;
    gone.close();
    JournalSegment.delete(gone.path());
  }

  /** What has to be synced for all that was appended so far to be safe. */
  Mark mark() {
    return new Mark(leaving, current, current.end());
  }

  /**
   * A moment in the journal's life.
   *
   * @param leaving what was leaving, or {@code null}
   */
  record Mark(JournalSegment leaving, JournalSegment current, long end) {}

  /** Makes all before a mark safe. Called without the lock: it takes as long as the disk does. */
  void sync(Mark mark) throws FsException {
    synchronized (syncing) {
      if (mark.leaving() != null) {
        mark.leaving().sync(mark.leaving().end(), directoryFile);
      }
      mark.current().sync(mark.end(), directoryFile);
    }
  }

  @Override
  public void close() {
    if (current != null) {
      current.close();
    }
    if (leaving != null) {
      leaving.close();
    }
    directoryFile.close();
  }
}
