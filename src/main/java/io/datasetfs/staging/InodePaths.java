package io.datasetfs.staging;

import io.datasetfs.model.FsException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Finds a path of an inode, for messages. Asks the tables: all has to be flushed. */
final class InodePaths {
  private final Metadata metadata;

  InodePaths(Metadata metadata) {
    this.metadata = metadata;
  }

  /** A path from the top directory, or nothing when the inode has no name. */
  String path(long number) throws FsException {
    Deque<String> names = new ArrayDeque<>();
    long at = number;
    while (at != Overlay.ROOT) {
      Row row = metadata.row(at);
      if (row == null || row.links() == 0) {
        return "";
      }
      List<NameRow> found = metadata.tables().namesOf(at);
      if (!found.isEmpty()) {
        names.push(found.get(0).name());
        at = found.get(0).parent();
      } else if (row.base() != null) {
        names.push(row.base().name());
        at = row.base().parent();
      } else {
        return "";
      }
    }
    return String.join("/", names);
  }
}
