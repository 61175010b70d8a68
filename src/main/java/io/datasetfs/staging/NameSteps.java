package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.staging.Overlay.Found;
import java.time.Instant;

/** What changes of names are made of. Called with the lock of {@link Metadata}. */
final class NameSteps {
  private final Metadata metadata;
  private final Overlay overlay;
  private final OpenInodes open;

  NameSteps(Metadata metadata, Overlay overlay, OpenInodes open) {
    this.metadata = metadata;
    this.overlay = overlay;
    this.open = open;
  }

  /** A name of an inode from now on. */
  NameRow live(NameRow.Key key, Row row) {
    return new NameRow(key.parent(), key.name(), metadata.nextNameId(), row.number(), row.kind());
  }

  /** What is known of a name that has gone. */
  NameRow vacant(Found found) {
    return found.committed() == null
        ? NameRow.none(found.key())
        : NameRow.whiteout(found.key(), metadata.nextNameId());
  }

  /** Takes a name from a row; what has none left and is not open is given back to be reaped. */
  Row dropLink(Row row, Change change, Instant now) throws FsException {
    RowEdit edit = row.edit().changed(now);
    edit.links = row.isDirectory() ? 0 : row.links() - 1;
    Row left = edit.done();
    if (left.links() > 0 || open.isOpen(row.number())) {
      change.put(left);
      return null;
    }
    boolean known = metadata.row(row.number()) != null;
    if (known && left.isFile() && OpenInodes.hasContent(row)) {
      // The row goes when its content is gone.
      change.put(left);
      return left;
    }
    change.remove(row.number());
    return null;
  }

  void requireFree(Found found) throws FsException {
    if (overlay.now(found) != null) {
      throw exists(found);
    }
  }

  StagedInode requireFound(Found found) throws FsException {
    StagedInode inode = overlay.now(found);
    if (inode == null) {
      throw new FsException(FailureKind.NOT_FOUND, "not found: '" + found.name() + "'");
    }
    return inode;
  }

  static Row requireAlive(Row directory) throws FsException {
    if (directory.links() == 0) {
      throw new FsException(FailureKind.NOT_FOUND, "the directory is gone");
    }
    return directory;
  }

  static void requireEmptyDirectory(Row row) throws FsException {
    if (!row.isDirectory()) {
      throw new FsException(FailureKind.NOT_DIRECTORY, "not a directory");
    }
    if (row.entries() > 0) {
      throw notEmpty();
    }
  }

  static FsException notEmpty() {
    return new FsException(FailureKind.NOT_EMPTY, "the directory is not empty");
  }

  static FsException exists(Found found) {
    return new FsException(FailureKind.EXISTS, "exists already: '" + found.name() + "'");
  }
}
