package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The inodes and names of one area. What changed last is in memory and in the journal, as the
 * current {@link Generation}; a thread moves one generation after the other into the tables.
 *
 * <p>Reads need no lock. Whoever changes something holds {@link #lock} from before it looks until
 * the change is applied, and does nothing slow meanwhile.
 */
final class Metadata implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Metadata.class.getName());

  /** Numbers from here on are those of committed entries. */
  static final long COMMITTED_NUMBERS = 1L << 62;

  /** Name ids begin here: below are positions in the base version's listings. */
  static final long FIRST_NAME_ID = 1L << 40;

  private static final int LARGE = 10_000;
  private static final int TOO_LARGE = 4 * LARGE;
  private static final long LARGE_JOURNAL = 8 << 20;
  private static final long TICK_MILLIS = 2000;
  private static final int RECENT = 8192;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition moved = lock.newCondition();

  private final Path directory;
  private final Tables tables;
  private final Journal journal;
  private final Thread mover;

  private volatile Generation current = new Generation();
  private volatile Generation leaving;
  private boolean wanted;
  private boolean closing;

  /** Whether the thread that moves has gone: nothing is moved any more. */
  private boolean ended;

  private FsException trouble;

  /** Rows read from the tables; {@link Generation#REMOVED} where there is none. */
  private final Recent<Long, Row> rows = new Recent<>(RECENT);

  private final Recent<NameRow.Key, NameRow> names = new Recent<>(RECENT);

  /** Counts the moves, to keep what was read before one from being remembered after it. */
  private long moves;

  private final Object remembered = new Object();

  private long lastNumber;
  private long lastNameId;

  private Metadata(Path directory, Tables tables, Generation replayed, Journal journal)
      throws FsException {
    this.directory = directory;
    this.tables = tables;
    this.journal = journal;
    takeIn(replayed);
    this.lastNumber =
        Math.max(current.lastNumber(COMMITTED_NUMBERS), tables.lastNumber(COMMITTED_NUMBERS));
    this.lastNameId = Math.max(Math.max(FIRST_NAME_ID, current.lastNameId()), tables.lastNameId());
    this.mover = new Thread(this::move, "dsfs-staging-" + directory.getFileName());
    mover.setDaemon(true);
    mover.start();
  }

  private void takeIn(Generation replayed) throws FsException {
    try {
      if (!replayed.isEmpty()) {
        tables.write(replayed, tables.lastSegment());
      }
      journal.restart();
    } catch (FsException e) {
      if (e.kind() != FailureKind.NO_SPACE) {
        throw e;
      }
      // Deleting files makes room, and for that the area has to be open.
      current = replayed;
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
    Row row = current.row(number);
    if (row == null) {
      Generation before = leaving;
      row = before == null ? null : before.row(number);
    }
    if (row == null) {
      row = keptRow(number);
    }
    return Generation.isRemoved(row) ? null : row;
  }

  private Row keptRow(long number) throws FsException {
    long seen;
    synchronized (remembered) {
      Row row = rows.get(number);
      if (row != null) {
        return row;
      }
      seen = moves;
    }
    Row found = tables.row(number);
    Row row = found == null ? Generation.REMOVED : found;
    synchronized (remembered) {
      if (moves == seen) {
        rows.put(number, row);
      }
    }
    return row;
  }

  /** What is known of a name: live or a whiteout; else {@code null}. */
  NameRow name(long parent, String text) throws FsException {
    NameRow.Key key = new NameRow.Key(parent, text);
    NameRow name = current.name(key);
    if (name == null) {
      Generation before = leaving;
      name = before == null ? null : before.name(key);
    }
    if (name == null) {
      name = keptName(key);
    }
    return name.child() == NameRow.NONE ? null : name;
  }

  private NameRow keptName(NameRow.Key key) throws FsException {
    long seen;
    synchronized (remembered) {
      NameRow name = names.get(key);
      if (name != null) {
        return name;
      }
      seen = moves;
    }
    NameRow found = tables.name(key);
    NameRow name = found == null ? NameRow.none(key) : found;
    synchronized (remembered) {
      if (moves == seen) {
        names.put(key, name);
      }
    }
    return name;
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
          if (isNewest(name)) {
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
      // Ids only grow: what changed later comes later.
      if (leaving != null) {
        for (NameRow name : leaving.names(parent, after)) {
          if (current.name(name.key()) == null) {
            all.add(name);
          }
        }
      }
      all.addAll(current.names(parent, after));
      return all;
    } finally {
      lock.unlock();
    }
  }

  private boolean isNewest(NameRow name) {
    NameRow.Key key = name.key();
    return current.name(key) == null && (leaving == null || leaving.name(key) == null);
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
    if (current.size() <= TOO_LARGE) {
      return;
    }
    lock.lock();
    try {
      while (current.size() > TOO_LARGE) {
        requireNoTrouble();
        requireNotEnded();
        wanted = true;
        work.signal();
        moved.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private void requireNoTrouble() throws FsException {
    if (trouble != null) {
      throw new FsException(trouble.kind(), trouble.getMessage(), trouble);
    }
  }

  private void requireNotEnded() throws FsException {
    if (ended) {
      throw new FsException(FailureKind.STALE, directory + ": closed");
    }
  }

  /**
   * Makes a change, which then survives the end of the process. Called with the lock.
   *
   * @throws FsException NO_SPACE and others; nothing has changed then
   */
  void apply(Change change) throws FsException {
    journal.append(change);
    current.apply(change);
    if (!wanted && (current.size() > LARGE || journal.length() > LARGE_JOURNAL)) {
      wanted = true;
      work.signal();
    }
  }

  /**
   * Changes a row that recovery would find out by itself: its process may end before it is kept.
   * Called with the lock.
   */
  void remember(Row row) {
    current.put(row);
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
    lock.lock();
    try {
      Generation older = leaving;
      Generation last = current;
      while (isUnmoved(older) || (!last.isEmpty() && isUnmoved(last))) {
        requireNotEnded();
        wanted = true;
        work.signal();
        moved.awaitUninterruptibly();
        requireNoTrouble();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isUnmoved(Generation generation) {
    return generation != null && (current == generation || leaving == generation);
  }

  /** The rows that recovery has to look at. Called before anybody else has the area. */
  List<Row> rowsNeedingAttention() throws FsException {
    List<Row> found = new ArrayList<>();
    for (Row row : tables.rowsNeedingAttention()) {
      if (current.row(row.number()) == null) {
        found.add(row);
      }
    }
    for (Map.Entry<Long, Row> row : current.rows()) {
      if (!Generation.isRemoved(row.getValue()) && row.getValue().needsAttention()) {
        found.add(row.getValue());
      }
    }
    return found;
  }

  /** The tables, for questions about all that was {@linkplain #flush flushed}. */
  Tables tables() {
    return tables;
  }

  private void move() {
    lock.lock();
    try {
      while (true) {
        awaitTick();
        wanted = false;
        if (closing && (trouble != null || isMoved())) {
          return;
        }
        if (!isMoved()) {
          moveOne();
        }
        moved.signalAll();
      }
    } finally {
      // Who waits for a move is not to wait for ever.
      ended = true;
      moved.signalAll();
      lock.unlock();
    }
  }

  private void awaitTick() {
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
      while (!wanted && !closing && left > 0) {
        left = work.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; what ends it is closing.
      LOG.log(System.Logger.Level.DEBUG, "interrupted", e);
    }
  }

  private boolean isMoved() {
    return leaving == null && current.isEmpty();
  }

  /** Moves a generation; what cannot be moved is tried again at the next tick. */
  private void moveOne() {
    try {
      if (leaving == null) {
        journal.rotate();
        leaving = current;
        current = new Generation();
      }
      Generation moving = leaving;
      long segment = journal.leaving();
      lock.unlock();
      try {
        tables.write(moving, segment);
      } finally {
        lock.lock();
      }
      forget(moving);
      if (trouble != null) {
        LOG.log(System.Logger.Level.INFO, directory + ": works again");
      }
      trouble = null;
      journal.forget();
    } catch (FsException e) {
      failed(e);
    } catch (RuntimeException | Error e) {
      // A thread that ended would leave others waiting for ever.
      failed(new FsException(FailureKind.IO, directory + ": " + e, e));
    }
  }

  private void failed(FsException failure) {
    if (trouble == null) {
      LOG.log(System.Logger.Level.WARNING, failure.getMessage());
    }
    trouble = failure;
  }

  private void forget(Generation moving) {
    synchronized (remembered) {
      moves++;
      for (var row : moving.rows()) {
        rows.put(row.getKey(), row.getValue());
      }
      for (NameRow name : moving.names()) {
        names.put(name.key(), name);
      }
    }
    leaving = null;
  }

  /** Brings everything into the tables, as far as there is room; the journal keeps the rest. */
  @Override
  public void close() throws FsException {
    lock.lock();
    try {
      closing = true;
      trouble = null; // it may have ended: one more try
      work.signal();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (mover.isAlive()) {
      try {
        mover.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    journal.close();
    tables.close();
  }
}
