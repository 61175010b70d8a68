package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
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

  private final BlockingQueue<TableReader> readers = new ArrayBlockingQueue<>(READERS);

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
      readers.add(reader);
    }
  }

  /** Waits for at most one short query each; an interrupt is kept for later. */
  private TableReader takeReader() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return readers.take();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
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

  /** The names of an inode. Looks at all names there are. */
  List<NameRow> namesOf(long child) throws FsException {
    return read(reader -> reader.namesOf(child));
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

  @Override
  public void close() throws FsException {
    try {
      for (int i = 0; i < READERS; i++) {
        takeReader().close();
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
