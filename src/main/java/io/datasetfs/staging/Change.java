package io.datasetfs.staging;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows that change together or not at all. Used by one thread. */
final class Change {
  private final Map<Long, Row> rows = new LinkedHashMap<>();
  private final List<Long> removed = new ArrayList<>(1);
  private final List<NameRow> names = new ArrayList<>(2);
  private boolean freesSpace;

  /** A row in place of what was kept of its inode. */
  Change put(Row row) {
    rows.put(row.number(), row);
    return this;
  }

  /** Nothing is kept of an inode any more. */
  Change remove(long number) {
    rows.remove(number);
    removed.add(number);
    return this;
  }

  /** What is known of a name from now on. */
  Change put(NameRow name) {
    names.add(name);
    return this;
  }

  /** Lets the change use the room that is reserved for what makes room. */
  Change freeingSpace() {
    freesSpace = true;
    return this;
  }

  boolean freesSpace() {
    return freesSpace;
  }

  /** The row that the change puts, or {@code null}. */
  Row row(long number) {
    return rows.get(number);
  }

  Collection<Row> rows() {
    return rows.values();
  }

  List<Long> removed() {
    return removed;
  }

  List<NameRow> names() {
    return names;
  }
}
