package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The inodes and names of one area. What changed last is in memory and in the journal, as the
 * current {@link Generation}; a thread moves one generation after the other into the tables.
 *
 * <p>Reads need no lock. Whoever changes something holds {@link #lock} from before it looks until
 * the change is applied, and does nothing slow meanwhile.
 */
final class Metadata implements AutoCloseable {
  /** Numbers from here on are those of committed entries. */
  static final long COMMITTED_NUMBERS = 1L << 62;

  /** Name ids begin here: below are positions in the base version's listings. */
  static final long FIRST_NAME_ID = 1L << 40;

  private final ReentrantLock lock = new ReentrantLock();
  private final Tables tables;
  private final Journal journal;
  private final Generations generations;
  private final RecentReads reads;
  private final Mover mover;
  private long lastNumber;
  private long lastNameId;

  private Metadata(Path directory, Tables tables, Generation replayed, Journal journal)
      throws FsException {
    this.tables = tables;
    this.journal = journal;
    Generation left = takeIn(replayed);
    this.generations = new Generations(left);
    this.reads = new RecentReads(tables);
    this.lastNumber =
        Math.max(left.lastNumber(COMMITTED_NUMBERS), tables.lastNumber(COMMITTED_NUMBERS));
    this.lastNameId = Math.max(Math.max(FIRST_NAME_ID, left.lastNameId()), tables.lastNameId());
    this.mover = new Mover(directory, lock, generations, journal, tables, reads);
    mover.start();
  }

  /** Brings what was replayed into the tables; gives what there was no room for. */
  private Generation takeIn(Generation replayed) throws FsException {
    try {
      if (!replayed.isEmpty()) {
        tables.write(replayed, tables.lastSegment());
      }
      journal.restart();
      return new Generation();
    } catch (FsException e) {
      if (e.kind() != FailureKind.NO_SPACE) {
        throw e;
      }
      // Deleting files makes room, and for that the area has to be open.
      return replayed;
    }
  }

  /** Opens those of an area and takes in what the process before left in its journal. */
  static Metadata open(Path directory) throws FsException {
    Tables tables = Tables.open(directory.resolve("meta.db"));
    try {
      Generation replayed = new Generation();
      Journal journal = Journal.open(directory, tables.lastSegment(), replayed::apply);
      try {
        return new Metadata(directory, tables, replayed, journal);
      } catch (FsException | RuntimeException | Error e) {
        journal.close();
        throw e;
      }
    } catch (FsException | RuntimeException | Error e) {
      tables.close();
      throw e;
    }
  }

  /** To be held while something changes. */
  ReentrantLock lock() {
    return lock;
  }

  /** The row of an inode, or {@code null}. */
  Row row(long number) throws FsException {
    Row row = generations.row(number);
    if (row == null) {
      row = reads.row(number);
    }
    return Generation.isRemoved(row) ? null : row;
  }

  /** What is known of a name: live or a whiteout; else {@code null}. */
  NameRow name(long parent, String text) throws FsException {
    NameRow.Key key = new NameRow.Key(parent, text);
    NameRow name = generations.name(key);
    if (name == null) {
      name = reads.name(key);
    }
    return name.child() == NameRow.NONE ? null : name;
  }

  /**
   * Names of a directory, whiteouts too, with ids greater than {@code after}, in their order; none
   * only if there are no more.
   *
   * @param limit about as many
   */
  List<NameRow> names(long parent, long after, int limit) throws FsException {
    // Under the lock, so that nothing moves on between one look and the next.
    lock.lock();
    try {
      List<NameRow> all = new ArrayList<>();
      long from = after;
      while (true) {
        List<NameRow> stored = tables.names(parent, from, limit);
        for (NameRow name : stored) {
          if (generations.name(name.key()) == null) {
            all.add(name);
          }
        }
        if (stored.size() < limit) {
          break;
        }
        if (!all.isEmpty()) {
          return all;
        }
        from = stored.get(limit - 1).id();
      }
      // What changed since then has greater ids.
      all.addAll(generations.names(parent, after));
      return all;
    } finally {
      lock.unlock();
    }
  }

  /** A number for a new inode. Called with the lock. */
  long nextNumber() {
    return ++lastNumber;
  }

  /** An id for a name that changes. Called with the lock. */
  long nextNameId() {
    return ++lastNameId;
  }

  /**
   * Waits while too much is in memory. Called without the lock, before changes that add to it.
   *
   * @throws FsException NO_SPACE and others when it cannot be moved
   */
  void awaitRoom() throws FsException {
    mover.awaitRoom();
  }

  /**
   * Makes a change, which then survives the end of the process. Called with the lock.
   *
   * @throws FsException NO_SPACE and others; nothing has changed then
   */
  void apply(Change change) throws FsException {
    journal.append(change);
    generations.current().apply(change);
    mover.changed();
  }

  /**
   * Changes a row that recovery would find out by itself: its process may end before it is kept.
   * Called with the lock.
   */
  void remember(Row row) {
    generations.current().put(row);
  }

  /** Makes all changes so far survive the end of the machine. Called without the lock. */
  void sync() throws FsException {
    Journal.Mark mark;
    lock.lock();
    try {
      mark = journal.mark();
    } finally {
      lock.unlock();
    }
    journal.sync(mark);
  }

  /** Brings all changes so far into the tables. Called without the lock. */
  void flush() throws FsException {
    mover.flush();
  }

  /** The rows that recovery has to look at. Called before anybody else has the area. */
  List<Row> rowsNeedingAttention() throws FsException {
    // Under the lock, so that nothing moves on between one look and the next.
    lock.lock();
    try {
      Map<Long, Row> newest = new HashMap<>();
      tables.rowsNeedingAttention().forEach(row -> newest.put(row.number(), row));
      generations.forEachRow(newest::put);
      return newest.values().stream()
          .filter(row -> !Generation.isRemoved(row) && row.needsAttention())
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /** The tables, for questions about all that was {@linkplain #flush flushed}. */
  Tables tables() {
    return tables;
  }

  /** Brings everything into the tables, as far as there is room; the journal keeps the rest. */
  @Override
  public void close() throws FsException {
    mover.end();
    journal.close();
    tables.close();
  }
}
