package io.datasetfs.staging;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The rows and names that one segment of the journal changed, as they are after its last change.
 * Changed under the lock of {@link Metadata}, read by any thread.
 */
final class Generation {
  /** Stands for: there is no row any more. */
  static final Row REMOVED = new RowEdit(0, InodeKind.FILE).done();

  static boolean isRemoved(Row row) {
    return row.number() == 0;
  }

  private final Map<Long, Row> rows = new ConcurrentHashMap<>();
  private final Map<NameRow.Key, NameRow> names = new ConcurrentHashMap<>();

  /** The names that are not NONE, by directory and id. */
  private final Map<Long, ConcurrentSkipListMap<Long, NameRow>> byId = new ConcurrentHashMap<>();

  void apply(Change change) {
    for (Row row : change.rows()) {
      rows.put(row.number(), row);
    }
    for (long number : change.removed()) {
      rows.put(number, REMOVED);
    }
    for (NameRow name : change.names()) {
      apply(name);
    }
  }

  void put(Row row) {
    rows.put(row.number(), row);
  }

  private void apply(NameRow name) {
    NameRow before = names.put(name.key(), name);
    if (before != null && before.child() != NameRow.NONE) {
      byId.get(name.parent()).remove(before.id());
    }
    if (name.child() != NameRow.NONE) {
      byId.computeIfAbsent(name.parent(), p -> new ConcurrentSkipListMap<>()).put(name.id(), name);
    }
  }

  /** A row, {@link #REMOVED}, or {@code null} when this generation does not know. */
  Row row(long number) {
    return rows.get(number);
  }

  /** What this generation knows of a name, or {@code null}. */
  NameRow name(NameRow.Key key) {
    return names.get(key);
  }

  /** The names in a directory that this generation knows, with greater ids, in their order. */
  Collection<NameRow> names(long parent, long after) {
    ConcurrentSkipListMap<Long, NameRow> known = byId.get(parent);
    return known == null ? List.of() : known.tailMap(after, false).values();
  }

  Collection<Map.Entry<Long, Row>> rows() {
    return rows.entrySet();
  }

  Collection<NameRow> names() {
    return names.values();
  }

  /** The greatest number below {@code bound}. */
  long lastNumber(long bound) {
    long last = Overlay.ROOT;
    for (long number : rows.keySet()) {
      last = number < bound ? Math.max(last, number) : last;
    }
    return last;
  }

  /** The greatest id of a name. */
  long lastNameId() {
    long last = 0;
    for (NameRow name : names.values()) {
      last = Math.max(last, name.id());
    }
    return last;
  }

  int size() {
    return rows.size() + names.size();
  }

  boolean isEmpty() {
    return rows.isEmpty() && names.isEmpty();
  }
}
