package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Utf8;
import io.datasetfs.staging.Overlay.Found;
import java.time.Clock;
import java.time.Instant;

/**
 * The changes of names. Each looks at the base first, then takes the lock, looks at what is the
 * area's own, and makes one {@link Change}. Thread-safe.
 */
final class Namespace {
  private static final int SET_GID = 02000;
  private static final int PERMISSIONS = 07777;
  private static final int MAX_LINKS = 65_000;

  private final Metadata metadata;
  private final Overlay overlay;
  private final OpenInodes open;
  private final Seal seal;
  private final Clock clock;

  Namespace(Metadata metadata, Overlay overlay, OpenInodes open, Seal seal, Clock clock) {
    this.metadata = metadata;
    this.overlay = overlay;
    this.open = open;
    this.seal = seal;
    this.clock = clock;
  }

  /** What is new about an inode that is to be made. */
  record Draft(InodeKind kind, int mode, long device, String target, Creator creator) {}

  /** Makes an inode with a name, where {@code found} was looked for. */
  StagedInode create(Found found, Draft draft) throws FsException {
    metadata.lock().lock();
    try {
      seal.requireOpen();
      Change change = new Change();
      Row parent = requireAlive(overlay.own(found.directory(), change));
      requireFree(found);
      Instant now = clock.instant();
      Row row = row(metadata.nextNumber(), parent, draft, now);
      change.put(row);
      change.put(live(found.key(), row));
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
      seal.requireOpen();
      Row parent = requireAlive(overlay.require(directory));
      RowEdit row = row(metadata.nextNumber(), parent, draft, clock.instant()).edit();
      row.links = 0;
      metadata.apply(new Change().put(row.done()));
      return StagedInode.of(row.number, row.kind);
    } finally {
      metadata.lock().unlock();
    }
  }

  private static Row row(long number, Row parent, Draft draft, Instant now) {
    RowEdit row = new RowEdit(number, draft.kind());
    boolean inherits = (parent.mode() & SET_GID) != 0;
    row.mode = draft.mode() & PERMISSIONS;
    row.uid = draft.creator().uid();
    row.gid = inherits ? parent.gid() : draft.creator().gid();
    row.atime = now;
    row.modified(now);
    row.device = draft.device();
    if (draft.kind() == InodeKind.DIRECTORY) {
      row.mode |= inherits ? SET_GID : 0;
      row.links = 2;
      row.size = PageMap.PAGE;
      row.blocks = Base.blocks(row.size);
      row.parent = parent.number();
    } else if (draft.kind() == InodeKind.SYMLINK) {
      row.target = draft.target();
      row.size = Utf8.encode(draft.target()).length;
    } else {
      // Its bytes may be written and its process killed before this row hears of it.
      row.dirty = draft.kind() == InodeKind.FILE;
    }
    return row.done();
  }

  /** Gives an inode one more name. */
  void link(StagedInode inode, StagedInode directory, String name) throws FsException {
    Found found = overlay.look(directory, name);
    metadata.lock().lock();
    try {
      seal.requireOpen();
      Change change = new Change();
      Row parent = requireAlive(overlay.own(directory, change));
      requireFree(found);
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
      change.put(live(found.key(), done));
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
      seal.requireOpen();
      Change change = new Change().freeingSpace();
      StagedInode inode = requireFound(found);
      Row row = overlay.own(inode, change);
      if (isDirectory) {
        requireEmptyDirectory(row);
      } else if (row.isDirectory()) {
        throw new FsException(FailureKind.IS_DIRECTORY, "is a directory");
      }
      Instant now = clock.instant();
      Row parent = overlay.own(directory, change);
      change.put(parent.edit().namesChanged(-1, isDirectory ? -1 : 0, now).done());
      change.put(vacant(found));
      orphan = dropLink(row, change, now);
      metadata.apply(change);
    } finally {
      metadata.lock().unlock();
    }
    open.reap(orphan);
  }

  /** Takes a name from a row; what has none left and is not open is given back to be reaped. */
  private Row dropLink(Row row, Change change, Instant now) throws FsException {
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

  /** Gives an inode another name. */
  void rename(StagedInode from, String name, StagedInode to, String newName, RenameMode mode)
      throws FsException {
    Found source = overlay.look(from, name);
    Found target = overlay.look(to, newName);
    Row orphan = null;
    metadata.lock().lock();
    try {
      seal.requireOpen();
      StagedInode moved = requireFound(source);
      StagedInode replaced = overlay.now(target);
      Change change = new Change();
      requireAlive(overlay.own(to, change));
      if (replaced == null && mode == RenameMode.EXCHANGE) {
        throw new FsException(FailureKind.NOT_FOUND, "not found: '" + newName + "'");
      }
      if (replaced != null && mode == RenameMode.NO_REPLACE) {
        throw exists(target);
      }
      if (isWithin(to, moved)) {
        throw new FsException(FailureKind.INVALID, "a directory cannot move into itself");
      }
      if (replaced != null && isWithin(from, replaced)) {
        throw mode == RenameMode.EXCHANGE
            ? new FsException(FailureKind.INVALID, "a directory cannot move into itself")
            : notEmpty();
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
        requireEmptyDirectory(old);
      } else if (old.isDirectory()) {
        throw new FsException(FailureKind.IS_DIRECTORY, "is a directory");
      }
      orphan = dropLink(old, change, now);
      namesChange(change, target.directory(), -1, old.isDirectory() ? -1 : 0, now);
    }
    int directories = row.isDirectory() ? 1 : 0;
    namesChange(change, source.directory(), -1, -directories, now);
    namesChange(change, target.directory(), 1, directories, now);
    change.put(vacant(source));
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
    return live(at.key(), done);
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

  private NameRow live(NameRow.Key key, Row row) {
    return new NameRow(key.parent(), key.name(), metadata.nextNameId(), row.number(), row.kind());
  }

  /** What is known of a name that has gone. */
  private NameRow vacant(Found found) {
    return found.committed() == null
        ? NameRow.none(found.key())
        : NameRow.whiteout(found.key(), metadata.nextNameId());
  }

  private static Row latest(Change change, Row row) {
    Row newer = change.row(row.number());
    return newer == null ? row : newer;
  }

  private static Row requireAlive(Row directory) throws FsException {
    if (directory.links() == 0) {
      throw new FsException(FailureKind.NOT_FOUND, "the directory is gone");
    }
    return directory;
  }

  private void requireFree(Found found) throws FsException {
    if (overlay.now(found) != null) {
      throw exists(found);
    }
  }

  private StagedInode requireFound(Found found) throws FsException {
    StagedInode inode = overlay.now(found);
    if (inode == null) {
      throw new FsException(FailureKind.NOT_FOUND, "not found: '" + found.name() + "'");
    }
    return inode;
  }

  private static void requireEmptyDirectory(Row row) throws FsException {
    if (!row.isDirectory()) {
      throw new FsException(FailureKind.NOT_DIRECTORY, "not a directory");
    }
    if (row.entries() > 0) {
      throw notEmpty();
    }
  }

  private static FsException notEmpty() {
    return new FsException(FailureKind.NOT_EMPTY, "the directory is not empty");
  }

  private static FsException exists(Found found) {
    return new FsException(FailureKind.EXISTS, "exists already: '" + found.name() + "'");
  }
}
