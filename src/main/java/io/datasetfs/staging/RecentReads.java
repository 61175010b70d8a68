package io.datasetfs.staging;

import io.datasetfs.model.FsException;

/**
 * The rows and names that were read from the tables last, or moved there. Thread-safe; guards
 * itself, and holds nothing while it reads.
 */
final class RecentReads {
  private static final int BOUND = 8192;

  private final Tables tables;

  /** Rows read from the tables; {@link Generation#REMOVED} where there is none. */
  private final Recent<Long, Row> rows = new Recent<>(BOUND);

  private final Recent<NameRow.Key, NameRow> names = new Recent<>(BOUND);

  /** Counts the moves, to keep what was read before one from being remembered after it. */
  private long moves;

  private final Object remembered = new Object();

  RecentReads(Tables tables) {
    this.tables = tables;
  }

  /** A row, or {@link Generation#REMOVED}. */
  Row row(long number) throws FsException {
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

  /** What is known of a name; {@link NameRow#NONE} is its child where nothing is. */
  NameRow name(NameRow.Key key) throws FsException {
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

  /** Takes note of a generation that is in the tables now. */
  void moved(Generation generation) {
    synchronized (remembered) {
      moves++;
      for (var row : generation.rows()) {
        rows.put(row.getKey(), row.getValue());
      }
      for (NameRow name : generation.names()) {
        names.put(name.key(), name);
      }
    }
  }
}
