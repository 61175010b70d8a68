package io.datasetfs.staging;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Asks the tables. Used by one thread at a time. */
final class TableReader implements AutoCloseable {
  private static final String NAME_COLUMNS = "SELECT parent, name, id, child, kind FROM names ";

  // Names compare as SQLite compares them, by the bytes of their UTF-8.
  private static final String NAMED_ROWS =
      "SELECT parent, name, id, child, kind, data FROM names"
          + " LEFT JOIN inodes ON inodes.number = names.child"
          + " WHERE parent = ? AND name > ? ORDER BY name LIMIT ?";

  private final Connection connection;
  private final PreparedStatement row;
  private final PreparedStatement name;
  private final PreparedStatement names;

  TableReader(Connection connection) throws SQLException {
    this.connection = connection;
    this.row = connection.prepareStatement("SELECT data FROM inodes WHERE number = ?");
    this.name = connection.prepareStatement(NAME_COLUMNS + "WHERE parent = ? AND name = ?");
    this.names =
        connection.prepareStatement(
            NAME_COLUMNS + "WHERE parent = ? AND id > ? ORDER BY id LIMIT ?");
  }

  Row row(long number) throws SQLException, IOException {
    row.setLong(1, number);
    try (ResultSet found = row.executeQuery()) {
      return found.next() ? RowCodec.decode(found.getBytes(1)) : null;
    }
  }

  NameRow name(NameRow.Key key) throws SQLException {
    name.setLong(1, key.parent());
    name.setString(2, key.name());
    try (ResultSet found = name.executeQuery()) {
      return found.next() ? nameRow(found) : null;
    }
  }

  List<NameRow> names(long parent, long after, int limit) throws SQLException {
    names.setLong(1, parent);
    names.setLong(2, after);
    names.setInt(3, limit);
    try (ResultSet found = names.executeQuery()) {
      return nameRows(found);
    }
  }

  Map<Long, NameRow> namesOf(Collection<Long> children) throws SQLException {
    Map<Long, NameRow> names = new HashMap<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            NAME_COLUMNS + "WHERE child IN (SELECT value FROM json_each(?))")) {
      query.setString(1, children.toString());
      try (ResultSet found = query.executeQuery()) {
        while (found.next()) {
          NameRow name = nameRow(found);
          names.put(name.child(), name);
        }
      }
    }
    return names;
  }

  NameRow nameIn(long parent, long child) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(NAME_COLUMNS + "WHERE parent = ? AND child = ?")) {
      query.setLong(1, parent);
      query.setLong(2, child);
      try (ResultSet found = query.executeQuery()) {
        return found.next() ? nameRow(found) : null;
      }
    }
  }

  List<NamedRow> namedRows(long parent, String after, int limit) throws SQLException, IOException {
    try (PreparedStatement query = connection.prepareStatement(NAMED_ROWS)) {
      query.setLong(1, parent);
      query.setString(2, after);
      query.setInt(3, limit);
      List<NamedRow> rows = new ArrayList<>();
      try (ResultSet found = query.executeQuery()) {
        while (found.next()) {
          byte[] encoded = found.getBytes(6);
          rows.add(new NamedRow(nameRow(found), encoded == null ? null : RowCodec.decode(encoded)));
        }
      }
      return rows;
    }
  }

  long[] numbersFrom(long parent) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT number FROM inodes WHERE origin = ? ORDER BY number")) {
      query.setLong(1, parent);
      LongStream.Builder numbers = LongStream.builder();
      try (ResultSet found = query.executeQuery()) {
        while (found.next()) {
          numbers.add(found.getLong(1));
        }
      }
      return numbers.build().toArray();
    }
  }

  List<Row> rowsNeedingAttention() throws SQLException, IOException {
    try (PreparedStatement query =
            connection.prepareStatement("SELECT data FROM inodes WHERE attention IS NOT NULL");
        ResultSet found = query.executeQuery()) {
      return Tables.rows(found);
    }
  }

  long lastNumber(long bound) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT MAX(number) FROM inodes WHERE number < ?")) {
      query.setLong(1, bound);
      return number(query);
    }
  }

  long lastNameId() throws SQLException {
    try (PreparedStatement query = connection.prepareStatement("SELECT MAX(id) FROM names")) {
      return number(query);
    }
  }

  long lastSegment() throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT value FROM about WHERE key = 'segment'")) {
      return number(query);
    }
  }

  private static long number(PreparedStatement query) throws SQLException {
    try (ResultSet found = query.executeQuery()) {
      return found.next() ? found.getLong(1) : 0;
    }
  }

  private static List<NameRow> nameRows(ResultSet found) throws SQLException {
    List<NameRow> rows = new ArrayList<>();
    while (found.next()) {
      rows.add(nameRow(found));
    }
    return rows;
  }

  private static NameRow nameRow(ResultSet found) throws SQLException {
    long child = found.getLong(4);
    InodeKind kind = child > NameRow.WHITEOUT ? InodeKind.ofCode(found.getInt(5)) : null;
    return new NameRow(found.getLong(1), found.getString(2), found.getLong(3), child, kind);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
