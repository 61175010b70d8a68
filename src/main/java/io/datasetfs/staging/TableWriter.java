package io.datasetfs.staging;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Map;

/** Changes the tables. Used by one thread at a time, and not any more after a failure. */
final class TableWriter implements AutoCloseable {
  private final Connection connection;
  private final PreparedStatement begin;
  private final PreparedStatement commit;
  private final PreparedStatement putRow;
  private final PreparedStatement removeRow;
  private final PreparedStatement putName;
  private final PreparedStatement removeName;
  private final PreparedStatement putSegment;

  TableWriter(Connection connection) throws SQLException {
    this.connection = connection;
    // Not the driver's transactions: it loses count when SQLite rolls one back by itself.
    this.begin = connection.prepareStatement("BEGIN IMMEDIATE");
    this.commit = connection.prepareStatement("COMMIT");
    this.putRow =
        connection.prepareStatement(
            "INSERT OR REPLACE INTO inodes (number, origin, attention, data) VALUES (?, ?, ?, ?)");
    this.removeRow = connection.prepareStatement("DELETE FROM inodes WHERE number = ?");
    this.putName =
        connection.prepareStatement(
            "INSERT OR REPLACE INTO names (parent, name, id, child, kind) VALUES (?, ?, ?, ?, ?)");
    this.removeName =
        connection.prepareStatement("DELETE FROM names WHERE parent = ? AND name = ?");
    this.putSegment =
        connection.prepareStatement("INSERT OR REPLACE INTO about VALUES ('segment', ?)");
  }

  void write(Generation generation, long segment) throws SQLException {
    begin.execute();
    for (Map.Entry<Long, Row> entry : generation.rows()) {
      write(entry.getKey(), entry.getValue());
    }
    for (NameRow name : generation.names()) {
      write(name);
    }
    putSegment.setLong(1, segment);
    putSegment.executeUpdate();
    commit.execute();
  }

  private void write(long number, Row row) throws SQLException {
    if (Generation.isRemoved(row)) {
      removeRow.setLong(1, number);
      removeRow.executeUpdate();
      return;
    }
    putRow.setLong(1, number);
    if (row.base() == null) {
      putRow.setNull(2, Types.INTEGER);
    } else {
      putRow.setLong(2, row.base().parent());
    }
    if (row.needsAttention()) {
      putRow.setInt(3, 1);
    } else {
      putRow.setNull(3, Types.INTEGER);
    }
    putRow.setBytes(4, RowCodec.encode(row));
    putRow.executeUpdate();
  }

  private void write(NameRow name) throws SQLException {
    if (name.child() == NameRow.NONE) {
      removeName.setLong(1, name.parent());
      removeName.setString(2, name.name());
      removeName.executeUpdate();
      return;
    }
    putName.setLong(1, name.parent());
    putName.setString(2, name.name());
    putName.setLong(3, name.id());
    putName.setLong(4, name.child());
    putName.setInt(5, name.kind() == null ? 0 : name.kind().code());
    putName.executeUpdate();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
