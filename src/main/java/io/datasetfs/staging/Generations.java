package io.datasetfs.staging;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * What changed last: the current {@link Generation}, and the one before while it leaves for the
 * tables. Read by any thread; changed under the lock of {@link Metadata}.
 */
final class Generations {
  private volatile Generation current;
  private volatile Generation leaving;

  /**
   * @param current what has been changed already
   */
  Generations(Generation current) {
    this.current = current;
  }

  /** Takes what changes. */
  Generation current() {
    return current;
  }

  /** The one that is on its way into the tables, or {@code null}. */
  Generation leaving() {
    return leaving;
  }

  /** A row, {@link Generation#REMOVED}, or {@code null} when neither knows. */
  Row row(long number) {
    Row row = current.row(number);
    if (row == null) {
      Generation before = leaving;
      row = before == null ? null : before.row(number);
    }
    return row;
  }

  /** Hands over all rows, also removed ones, those of the current generation last. */
  void forEachRow(BiConsumer<Long, Row> taker) {
    for (Generation generation : leaving == null ? List.of(current) : List.of(leaving, current)) {
      generation.rows().forEach(row -> taker.accept(row.getKey(), row.getValue()));
    }
  }

  /** What is known of a name, or {@code null}. */
  NameRow name(NameRow.Key key) {
    NameRow name = current.name(key);
    if (name == null) {
      Generation before = leaving;
      name = before == null ? null : before.name(key);
    }
    return name;
  }

  /** The names in a directory with greater ids, in their order. Called with the lock. */
  List<NameRow> names(long parent, long after) {
    // Ids only grow: what changed later comes later.
    List<NameRow> all = new ArrayList<>();
    if (leaving != null) {
      for (NameRow name : leaving.names(parent, after)) {
        if (current.name(name.key()) == null) {
          all.add(name);
        }
      }
    }
    all.addAll(current.names(parent, after));
    return all;
  }

  /** Whether a generation is not in the tables yet. Called with the lock. */
  boolean isUnmoved(Generation generation) {
    return generation != null && (current == generation || leaving == generation);
  }

  /** Whether everything is in the tables. Called with the lock. */
  boolean isMoved() {
    return leaving == null && current.isEmpty();
  }

  /** Begins a new one; the one before is leaving. Called with the lock. */
  void rotate() {
    leaving = current;
    current = new Generation();
  }

  /** The one that was leaving is in the tables. Called with the lock. */
  void forget() {
    leaving = null;
  }
}
