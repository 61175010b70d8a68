package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.time.Clock;

/** The reading of names, directories and links; that of the latter two sets atime. Thread-safe. */
final class Looking {
  private final Metadata metadata;
  private final Overlay overlay;
  private final Seal seal;
  private final Clock clock;

  Looking(Metadata metadata, Overlay overlay, Seal seal, Clock clock) {
    this.metadata = metadata;
    this.overlay = overlay;
    this.seal = seal;
    this.clock = clock;
  }

  /** As {@link StagedVersion#lookup}. */
  StagedInode lookup(StagedInode directory, String name) throws FsException {
    StagedInode found = overlay.find(directory, name);
    if (found == null) {
      throw new FsException(FailureKind.NOT_FOUND, "not found: '" + name + "'");
    }
    return found;
  }

  /** As {@link StagedVersion#parent}. */
  StagedInode parent(StagedInode directory) throws FsException {
    Row row = overlay.require(directory);
    StagedInode known = directory.parent();
    return known != null && known.number() == row.parent()
        ? known
        : StagedInode.of(row.parent(), InodeKind.DIRECTORY);
  }

  /** As {@link StagedVersion#readLink}. */
  String readLink(StagedInode inode) throws FsException {
    Row row = overlay.require(inode);
    if (row.target() == null) {
      throw new FsException(FailureKind.INVALID, "not a symbolic link");
    }
    accessed(row);
    return row.target();
  }

  /** As {@link StagedDirectory#list}. */
  void list(StagedInode directory, long cookie, NameSink sink) throws FsException {
    overlay.list(directory, cookie, sink);
    accessed(overlay.require(directory));
  }

  /** Notes that a link or directory was read. */
  private void accessed(Row row) throws FsException {
    if (seal.state() == Seal.State.SEALED || !ContentRow.isStale(row, clock.instant())) {
      return;
    }
    metadata.lock().lock();
    try {
      Row now = metadata.row(row.number());
      if (now != null) {
        RowEdit edit = now.edit();
        edit.atime = clock.instant();
        metadata.remember(edit.done());
      }
    } finally {
      metadata.lock().unlock();
    }
  }
}
