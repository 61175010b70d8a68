package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.time.Instant;

/** What {@code stat} tells of inodes, and the changes of it. Thread-safe. */
final class Attributing {
  private static final int PERMISSIONS = 07777;

  private final Metadata metadata;
  private final Overlay overlay;
  private final OpenInodes open;
  private final Opening opening;
  private final InodeUpdates updates;

  Attributing(
      Metadata metadata, Overlay overlay, OpenInodes open, Opening opening, InodeUpdates updates) {
    this.metadata = metadata;
    this.overlay = overlay;
    this.open = open;
    this.opening = opening;
    this.updates = updates;
  }

  /** As {@link StagedVersion#attributes}. */
  StagedAttributes get(StagedInode inode) throws FsException {
    Row row = overlay.require(inode);
    if (!row.isFile() || !row.dirty()) {
      return row.attributes();
    }
    Content content = openContent(row.number());
    if (content == null) {
      return row.attributes();
    }
    RowEdit written = row.edit();
    written.blocks = content.blocks();
    return written.done().attributes();
  }

  /** The content of an open file, or {@code null}. */
  private Content openContent(long number) {
    metadata.lock().lock();
    try {
      return open.find(number);
    } finally {
      metadata.lock().unlock();
    }
  }

  /** As {@link StagedVersion#setAttributes}. */
  void set(StagedInode inode, AttributeChange change) throws FsException {
    boolean cut = change.size() != null && setSize(inode, change.size());
    AttributeChange rest =
        new AttributeChange(
            change.mode(),
            change.uid(),
            change.gid(),
            null,
            change.atime(),
            change.mtime(),
            change.dropSetId());
    if (change.size() == null || !rest.equals(AttributeChange.NONE)) {
      if (!cut) {
        metadata.awaitRoom();
      }
      if (rest.atime() != null || rest.mtime() != null) {
        flush(inode);
      }
      change(inode, rest, cut ? new Change().freeingSpace() : new Change());
    }
  }

  /** Sets the length of a file; gives whether that cut it. */
  private boolean setSize(StagedInode inode, long size) throws FsException {
    if (inode.isDirectory()) {
      throw new FsException(FailureKind.IS_DIRECTORY, "is a directory");
    }
    if (inode.kind() != InodeKind.FILE || size < 0) {
      throw new FsException(FailureKind.INVALID, "has no such length");
    }
    return opening.truncate(inode, size);
  }

  /** Times that are set are to outlive the process also where the content file has later ones. */
  private void flush(StagedInode inode) throws FsException {
    Content content = openContent(inode.number());
    if (content != null) {
      content.flush();
    }
  }

  /**
   * Changes all but the size.
   *
   * @param change what it becomes part of
   */
  private void change(StagedInode inode, AttributeChange wanted, Change change) throws FsException {
    updates.update(
        inode,
        change,
        (row, now) -> {
          boolean owned = wanted.uid() != null || wanted.gid() != null;
          row.uid = wanted.uid() != null ? wanted.uid() : row.uid;
          row.gid = wanted.gid() != null ? wanted.gid() : row.gid;
          if (wanted.mode() != null) {
            row.mode = wanted.mode() & PERMISSIONS;
          } else if (wanted.dropSetId() != SetIdBits.KEPT
              || (owned && row.kind != InodeKind.DIRECTORY)) {
            row.dropSetId(wanted.dropSetId() == SetIdBits.ALL_DROPPED);
          }
          row.atime = time(wanted.atime(), row.atime, now);
          row.mtime = time(wanted.mtime(), row.mtime, now);
        });
  }

  private static Instant time(Instant wanted, Instant known, Instant now) {
    if (wanted == null) {
      return known;
    }
    return wanted.equals(AttributeChange.NOW) ? now : wanted;
  }
}
