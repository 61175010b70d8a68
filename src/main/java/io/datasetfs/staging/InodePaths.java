package io.datasetfs.staging;

import io.datasetfs.model.FsException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** Finds paths of inodes, for messages. Asks the tables: all has to be flushed. */
final class InodePaths {
  private final Metadata metadata;

  /** Where directories are that were met; {@code null} where that cannot be told. */
  private final Map<Long, NameRow.Key> directories = new HashMap<>();

  InodePaths(Metadata metadata) {
    this.metadata = metadata;
  }

  /** A path of each inode from the top directory, by number; empty for one without a name. */
  Map<Long, String> of(Collection<Long> numbers) throws FsException {
    Map<Long, NameRow> names = metadata.tables().namesOf(numbers);
    Map<Long, String> paths = new HashMap<>();
    for (long number : numbers) {
      paths.put(number, path(place(number, names.get(number))));
    }
    return paths;
  }

  private String path(NameRow.Key place) throws FsException {
    Deque<String> names = new ArrayDeque<>();
    for (NameRow.Key at = place; at != null; at = directory(at.parent())) {
      names.push(at.name());
      if (at.parent() == Overlay.ROOT) {
        return String.join("/", names);
      }
    }
    return "";
  }

  private NameRow.Key directory(long number) throws FsException {
    if (!directories.containsKey(number)) {
      Row row = metadata.row(number);
      NameRow name = row == null ? null : metadata.tables().nameIn(row.parent(), number);
      directories.put(number, place(number, name));
    }
    return directories.get(number);
  }

  /** Where an inode is that has this name of its own, or none: then it may have its base's. */
  private NameRow.Key place(long number, NameRow name) throws FsException {
    Row row = metadata.row(number);
    if (row == null || row.links() == 0) {
      return null;
    }
    if (name != null) {
      return name.key();
    }
    BasePlace base = row.base();
    return base == null ? null : new NameRow.Key(base.parent(), base.name());
  }
}
