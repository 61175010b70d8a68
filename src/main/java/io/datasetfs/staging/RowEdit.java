package io.datasetfs.staging;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;

/** A row that is being made or changed. Used by one thread. */
final class RowEdit {
  private static final int SET_UID = 04000;
  private static final int SET_GID = 02000;
  private static final int GROUP_EXECUTE = 0010;

  final long number;
  final InodeKind kind;
  int mode;
  int uid;
  int gid;
  int links = 1;
  long size;
  long blocks;
  Instant atime;
  Instant mtime;
  Instant ctime;
  long device;
  String target;
  long parent;
  long entries;
  boolean touched;
  boolean dirty;
  BasePlace base;
  long baseLimit;
  SortedMap<String, byte[]> extended = Collections.emptySortedMap();

  RowEdit(long number, InodeKind kind) {
    this.number = number;
    this.kind = kind;
  }

  RowEdit(Row row) {
    this(row.number(), row.kind());
    mode = row.mode();
    uid = row.uid();
    gid = row.gid();
    links = row.links();
    size = row.size();
    blocks = row.blocks();
    atime = row.atime();
    mtime = row.mtime();
    ctime = row.ctime();
    device = row.device();
    target = row.target();
    parent = row.parent();
    entries = row.entries();
    touched = row.touched();
    dirty = row.dirty();
    base = row.base();
    baseLimit = row.baseLimit();
    extended = row.extended();
  }

  /** Content changed. */
  RowEdit modified(Instant now) {
    mtime = now;
    ctime = now;
    return this;
  }

  /** Attributes changed. */
  RowEdit changed(Instant now) {
    ctime = now;
    return this;
  }

  /** Names came or went. */
  RowEdit namesChanged(long more, int moreDirectories, Instant now) {
    entries += more;
    links += moreDirectories;
    touched = true;
    return modified(now);
  }

  /**
   * As Linux does it: set-gid stays where the group may not execute, since it means locking.
   *
   * @param all whether it goes all the same
   */
  RowEdit dropSetId(boolean all) {
    mode &= ~SET_UID;
    if (all || (mode & GROUP_EXECUTE) != 0) {
      mode &= ~SET_GID;
    }
    return this;
  }

  Row done() {
    return new Row(
        number, kind, mode, uid, gid, links, size, blocks, atime, mtime, ctime, device, target,
        parent, entries, touched, dirty, base, baseLimit, extended);
  }
}
