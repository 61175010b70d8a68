package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.staging.Overlay.Found;
import java.time.Clock;
import java.time.Instant;

/**
 * Renaming and exchanging, within a directory and across. Like the other changes of a {@link
 * Namespace} it is one {@link Change}. Thread-safe.
 */
final class Renaming {
  private final Metadata metadata;
  private final Overlay overlay;
  private final OpenInodes open;
  private final Seal seal;
  private final Clock clock;
  private final NameSteps steps;

  Renaming(Metadata metadata, Overlay overlay, OpenInodes open, Seal seal, Clock clock) {
    this.metadata = metadata;
    this.overlay = overlay;
    this.open = open;
    this.seal = seal;
    this.clock = clock;
    this.steps = new NameSteps(metadata, overlay, open);
  }

  /** Gives an inode another name. */
  void run(StagedInode from, String name, StagedInode to, String newName, RenameMode mode)
      throws FsException {
    Found source = overlay.look(from, name);
    Found target = overlay.look(to, newName);
    Row orphan = null;
    metadata.lock().lock();
    try {
      seal.requireUnsealed();
      StagedInode moved = steps.requireFound(source);
      StagedInode replaced = overlay.now(target);
      Change change = new Change();
      NameSteps.requireAlive(overlay.own(to, change));
      if (replaced == null && mode == RenameMode.EXCHANGE) {
        throw new FsException(FailureKind.NOT_FOUND, "not found: '" + newName + "'");
      }
      if (replaced != null && mode == RenameMode.NO_REPLACE) {
        throw NameSteps.exists(target);
      }
      if (isWithin(to, moved)) {
        throw new FsException(FailureKind.INVALID, "a directory cannot move into itself");
      }
      if (replaced != null && isWithin(from, replaced)) {
        throw mode == RenameMode.EXCHANGE
            ? new FsException(FailureKind.INVALID, "a directory cannot move into itself")
            : NameSteps.notEmpty();
      }
      if (moved.equals(replaced)) {
        return;
      }
      Instant now = clock.instant();
      if (mode == RenameMode.EXCHANGE) {
        exchange(change, source, moved, target, replaced, now);
      } else {
        orphan = move(change, source, moved, target, replaced, now);
      }
      metadata.apply(change);
    } finally {
      metadata.lock().unlock();
    }
    open.reap(orphan);
  }

  private Row move(
      Change change,
      Found source,
      StagedInode moved,
      Found target,
      StagedInode replaced,
      Instant now)
      throws FsException {
    Row row = overlay.own(moved, change);
    Row orphan = null;
    if (replaced != null) {
      Row old = overlay.own(replaced, change);
      if (row.isDirectory()) {
        NameSteps.requireEmptyDirectory(old);
      } else if (old.isDirectory()) {
        throw new FsException(FailureKind.IS_DIRECTORY, "is a directory");
      }
      orphan = steps.dropLink(old, change, now);
      namesChange(change, target.directory(), -1, old.isDirectory() ? -1 : 0, now);
    }
    int directories = row.isDirectory() ? 1 : 0;
    namesChange(change, source.directory(), -1, -directories, now);
    namesChange(change, target.directory(), 1, directories, now);
    change.put(steps.vacant(source));
    change.put(placed(change, overlay.own(moved, change), target, now));
    return orphan;
  }

  private void exchange(
      Change change,
      Found source,
      StagedInode moved,
      Found target,
      StagedInode replaced,
      Instant now)
      throws FsException {
    int there = moved.isDirectory() ? 1 : 0;
    int back = replaced.isDirectory() ? 1 : 0;
    namesChange(change, source.directory(), 0, back - there, now);
    namesChange(change, target.directory(), 0, there - back, now);
    change.put(placed(change, overlay.own(moved, change), target, now));
    change.put(placed(change, overlay.own(replaced, change), source, now));
  }

  private void namesChange(
      Change change, StagedInode directory, int more, int moreDirectories, Instant now)
      throws FsException {
    Row row = overlay.own(directory, change);
    change.put(row.edit().namesChanged(more, moreDirectories, now).done());
  }

  /** Puts a row where it then is, and gives the name that it then has. */
  private NameRow placed(Change change, Row row, Found at, Instant now) {
    RowEdit edit = row.edit().changed(now);
    if (row.isDirectory()) {
      edit.parent = at.directory().number();
    }
    Row done = edit.done();
    change.put(done);
    return steps.live(at.key(), done);
  }

  /** Whether a directory is {@code top} or below it. */
  private boolean isWithin(StagedInode directory, StagedInode top) throws FsException {
    StagedInode at = directory;
    while (top.isDirectory()) {
      if (at.equals(top)) {
        return true;
      }
      if (at.number() == Overlay.ROOT) {
        return false;
      }
      Row row = metadata.row(at.number());
      // The directories above one that has a row have rows as well.
      at = row == null ? at.parent() : StagedInode.of(row.parent(), InodeKind.DIRECTORY);
    }
    return false;
  }
}
