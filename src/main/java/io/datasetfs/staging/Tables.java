package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Rows and names in SQLite. Written by one thread, in large transactions that are on the disk when
 * they end; read by several threads at once.
 */
final class Tables implements AutoCloseable {
  private static final int READERS = 3;

  private static final String[] SCHEMA = {
    "CREATE TABLE IF NOT EXISTS about (key TEXT PRIMARY KEY, value INTEGER) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS inodes (number INTEGER PRIMARY KEY, origin INTEGER,"
        + " attention INTEGER, data BLOB NOT NULL)",
    "CREATE INDEX IF NOT EXISTS inodes_by_origin ON inodes (origin) WHERE origin IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS inodes_by_attention ON inodes (attention)"
        + " WHERE attention IS NOT NULL",
    "CREATE TABLE IF NOT EXISTS names (parent INTEGER, name TEXT, id INTEGER, child INTEGER,"
        + " kind INTEGER, PRIMARY KEY (parent, name)) WITHOUT ROWID",
    "CREATE UNIQUE INDEX IF NOT EXISTS names_by_id ON names (parent, id)",
  };

  private final Path file;

  /** Of the one thread that writes; {@code null} after a failure. */
  private TableWriter writer;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition returned = lock.newCondition();

  // Both guarded by the lock. The readers are those that nobody uses.
  private final Deque<TableReader> readers = new ArrayDeque<>(READERS);
  private boolean closed;

  private Tables(Path file, TableWriter writer) {
    this.file = file;
    this.writer = writer;
  }

  /** Opens the tables in a file, and makes them where there are none. */
  static Tables open(Path file) throws FsException {
    try {
      Connection connection = connect(file);
      Tables tables;
      try (Statement statement = connection.createStatement()) {
        for (String sql : SCHEMA) {
          statement.execute(sql);
        }
        tables = new Tables(file, new TableWriter(connection));
      } catch (SQLException | RuntimeException | Error e) {
        connection.close();
        throw e;
      }
      for (int i = 0; i < READERS; i++) {
        tables.readers.add(new TableReader(connect(file)));
      }
      return tables;
    } catch (SQLException e) {
      throw failure(file, e);
    }
  }

  private static Connection connect(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    // A transaction takes the place of journal that is then deleted: it has to be on the disk.
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(60_000);
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    config.setCacheSize(-4096);
    return config.createConnection("jdbc:sqlite:" + file);
  }

  /** Reads, with a connection that nobody else uses meanwhile. */
  private interface Reading<T> {
    T run(TableReader reader) throws SQLException, IOException;
  }

  private <T> T read(Reading<T> reading) throws FsException {
    TableReader reader = takeReader();
    try {
      return reading.run(reader);
    } catch (SQLException e) {
      throw failure(file, e);
    } catch (IOException e) {
      throw new FsException(FailureKind.CORRUPT, file + ": a row cannot be read", e);
    } finally {
      giveBack(reader);
    }
  }

  /** Waits for at most one short query each; an interrupt is kept for later. */
  private TableReader takeReader() throws FsException {
    lock.lock();
    try {
      while (readers.isEmpty() && !closed) {
        returned.awaitUninterruptibly();
      }
      if (closed) {
        throw new FsException(FailureKind.STALE, file + ": closed");
      }
      return readers.pop();
    } finally {
      lock.unlock();
    }
  }

  private void giveBack(TableReader reader) {
    lock.lock();
    try {
      readers.push(reader);
      // Who closes waits for the same: a signal for one could go to the wrong one.
      returned.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The row of an inode, or {@code null}. */
  Row row(long number) throws FsException {
    return read(reader -> reader.row(number));
  }

  /** What is known of a name, or {@code null}. */
  NameRow name(NameRow.Key key) throws FsException {
    return read(reader -> reader.name(key));
  }

  /** Names in a directory, whiteouts too, with ids greater than {@code after}, in their order. */
  List<NameRow> names(long parent, long after, int limit) throws FsException {
    return read(reader -> reader.names(parent, after, limit));
  }

  /** A name of each inode that has one here, by number. Looks at all names there are. */
  Map<Long, NameRow> namesOf(Collection<Long> children) throws FsException {
    return read(reader -> reader.namesOf(children));
  }

  /** A name that a directory has for an inode, or {@code null}. */
  NameRow nameIn(long parent, long child) throws FsException {
    return read(reader -> reader.nameIn(parent, child));
  }

  /**
   * Names in a directory, whiteouts too, behind {@code after}, in the order of their UTF-8, with
   * their inodes' rows.
   */
  List<NamedRow> namedRows(long parent, String after, int limit) throws FsException {
    return read(reader -> reader.namedRows(parent, after, limit));
  }

  /** The numbers, in order, of committed entries with rows that were first found in a directory. */
  long[] numbersFrom(long parent) throws FsException {
    return read(reader -> reader.numbersFrom(parent));
  }

  /** The rows that recovery has to look at. */
  List<Row> rowsNeedingAttention() throws FsException {
    return read(TableReader::rowsNeedingAttention);
  }

  /** The greatest number below {@code bound}. */
  long lastNumber(long bound) throws FsException {
    return read(reader -> reader.lastNumber(bound));
  }

  /** The greatest id of a name. */
  long lastNameId() throws FsException {
    return read(TableReader::lastNameId);
  }

  /** The number of the last journal segment that is in the tables; 0 before the first. */
  long lastSegment() throws FsException {
    return read(TableReader::lastSegment);
  }

  /**
   * Takes in a segment of the journal.
   *
   * @throws FsException NO_SPACE and others; the tables are then as before
   */
  void write(Generation generation, long segment) throws FsException {
    try {
      if (writer == null) {
        writer = new TableWriter(connect(file));
      }
      writer.write(generation, segment);
    } catch (SQLException e) {
      closeWriter(e);
      throw failure(file, e);
    } catch (RuntimeException | Error e) {
      closeWriter(e);
      throw e;
    }
  }

  /** After a failure: the driver's statements do not survive a transaction that SQLite ends. */
  private void closeWriter(Throwable failure) {
    try {
      if (writer != null) {
        writer.close();
      }
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
    writer = null;
  }

  private static FsException failure(Path file, SQLException e) {
    boolean full =
        e instanceof SQLiteException known && known.getResultCode() == SQLiteErrorCode.SQLITE_FULL;
    return new FsException(
        full ? FailureKind.NO_SPACE : FailureKind.IO,
        file + ": " + (full ? "no space left on the disk (make room there)" : e.getMessage()),
        e);
  }

  /** Waits for who is reading; who asks later fails with STALE. */
  @Override
  public void close() throws FsException {
    lock.lock();
    try {
      closed = true;
      returned.signalAll();
      while (readers.size() < READERS) {
        returned.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
    try {
      for (TableReader reader : readers) {
        reader.close();
      }
      if (writer != null) {
        writer.close();
      }
    } catch (SQLException e) {
      throw failure(file, e);
    }
  }

  static List<Row> rows(ResultSet found) throws SQLException, IOException {
    List<Row> rows = new ArrayList<>();
    while (found.next()) {
      rows.add(RowCodec.decode(found.getBytes(1)));
    }
    return rows;
  }
}
