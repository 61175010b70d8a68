package io.datasetfs.staging;

import io.datasetfs.model.FsException;
import java.time.Clock;
import java.time.Instant;

/** Changes of single inodes, each of which sets ctime. Thread-safe. */
final class InodeUpdates {
  private final Metadata metadata;
  private final Overlay overlay;
  private final Seal seal;
  private final Clock clock;

  /** A change of a row at a time. */
  interface Update {
    void apply(RowEdit row, Instant now) throws FsException;
  }

  InodeUpdates(Metadata metadata, Overlay overlay, Seal seal, Clock clock) {
    this.metadata = metadata;
    this.overlay = overlay;
    this.seal = seal;
    this.clock = clock;
  }

  void update(StagedInode inode, Update update) throws FsException {
    update(inode, new Change(), update);
  }

  /** Updates an inode as part of {@code change}. */
  void update(StagedInode inode, Change change, Update update) throws FsException {
    metadata.lock().lock();
    try {
      seal.requireUnsealed();
      RowEdit row = overlay.own(inode, change).edit();
      Instant now = clock.instant();
      update.apply(row, now);
      metadata.apply(change.put(row.changed(now).done()));
    } finally {
      metadata.lock().unlock();
    }
  }
}
