package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.staging.Overlay.Found;
import java.time.Clock;
import java.time.Instant;

/**
 * The coming and going of names, but for {@link Renaming}. Each looks at the base first, then takes
 * the lock, looks at what is the area's own, and makes one {@link Change}. Thread-safe.
 */
final class Namespace {
  private static final int MAX_LINKS = 65_000;

  private final Metadata metadata;
  private final Overlay overlay;
  private final OpenInodes open;
  private final Seal seal;
  private final Clock clock;
  private final NameSteps steps;

  Namespace(Metadata metadata, Overlay overlay, OpenInodes open, Seal seal, Clock clock) {
    this.metadata = metadata;
    this.overlay = overlay;
    this.open = open;
    this.seal = seal;
    this.clock = clock;
    this.steps = new NameSteps(metadata, overlay, open);
  }

  /** Makes an inode with a name, where {@code found} was looked for. */
  StagedInode create(Found found, Draft draft) throws FsException {
    metadata.lock().lock();
    try {
      seal.requireUnsealed();
      Change change = new Change();
      Row parent = NameSteps.requireAlive(overlay.own(found.directory(), change));
      steps.requireFree(found);
      Instant now = clock.instant();
      Row row = draft.row(metadata.nextNumber(), parent, now);
      change.put(row);
      change.put(steps.live(found.key(), row));
      int directories = row.isDirectory() ? 1 : 0;
      change.put(parent.edit().namesChanged(1, directories, now).done());
      metadata.apply(change);
      return StagedInode.of(row.number(), row.kind());
    } finally {
      metadata.lock().unlock();
    }
  }

  /** Makes a file without a name: O_TMPFILE. */
  StagedInode createNameless(StagedInode directory, Draft draft) throws FsException {
    metadata.lock().lock();
    try {
      seal.requireUnsealed();
      Row parent = NameSteps.requireAlive(overlay.require(directory));
      RowEdit row = draft.row(metadata.nextNumber(), parent, clock.instant()).edit();
      row.links = 0;
      metadata.apply(new Change().put(row.done()));
      return StagedInode.of(row.number, row.kind);
    } finally {
      metadata.lock().unlock();
    }
  }

  /** Gives an inode one more name. */
  void link(StagedInode inode, StagedInode directory, String name) throws FsException {
    Found found = overlay.look(directory, name);
    metadata.lock().lock();
    try {
      seal.requireUnsealed();
      Change change = new Change();
      Row parent = NameSteps.requireAlive(overlay.own(directory, change));
      steps.requireFree(found);
      Row row = overlay.own(inode, change);
      if (row.isDirectory()) {
        throw new FsException(FailureKind.NOT_PERMITTED, "a directory has one name only");
      }
      if (row.links() >= MAX_LINKS) {
        throw new FsException(FailureKind.TOO_MANY_LINKS, "a file has 65000 names at most");
      }
      Instant now = clock.instant();
      RowEdit linked = row.edit().changed(now);
      linked.links++;
      Row done = linked.done();
      change.put(done);
      change.put(steps.live(found.key(), done));
      change.put(latest(change, parent).edit().namesChanged(1, 0, now).done());
      metadata.apply(change);
    } finally {
      metadata.lock().unlock();
    }
  }

  /** Takes a name of something that is not a directory away. */
  void unlink(StagedInode directory, String name) throws FsException {
    remove(directory, name, false);
  }

  /** Removes an empty directory. */
  void removeDirectory(StagedInode directory, String name) throws FsException {
    remove(directory, name, true);
  }

  private void remove(StagedInode directory, String name, boolean isDirectory) throws FsException {
    Found found = overlay.look(directory, name);
    Row orphan;
    metadata.lock().lock();
    try {
      seal.requireUnsealed();
      Change change = new Change().freeingSpace();
      StagedInode inode = steps.requireFound(found);
      Row row = overlay.own(inode, change);
      if (isDirectory) {
        NameSteps.requireEmptyDirectory(row);
      } else if (row.isDirectory()) {
        throw new FsException(FailureKind.IS_DIRECTORY, "is a directory");
      }
      Instant now = clock.instant();
      Row parent = overlay.own(directory, change);
      change.put(parent.edit().namesChanged(-1, isDirectory ? -1 : 0, now).done());
      change.put(steps.vacant(found));
      orphan = steps.dropLink(row, change, now);
      metadata.apply(change);
    } finally {
      metadata.lock().unlock();
    }
    open.reap(orphan);
  }

  private static Row latest(Change change, Row row) {
    Row newer = change.row(row.number());
    return newer == null ? row : newer;
  }
}
