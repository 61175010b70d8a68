package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Utf8;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The changes of attributes, extended ones too. Thread-safe. */
final class Attributing {
  private static final int PERMISSIONS = 07777;
  private static final String USER = "user.";

  /** Linux's bounds for one attribute, and what ext4 has room for in one inode. */
  private static final int MAX_NAME_BYTES = 255;

  private static final int MAX_VALUE_BYTES = 65_536;
  private static final int MAX_TOTAL_BYTES = 4000;
  private static final int OVERHEAD = 16;

  private final Metadata metadata;
  private final Overlay overlay;
  private final OpenInodes open;
  private final Seal seal;
  private final Clock clock;

  Attributing(Metadata metadata, Overlay overlay, OpenInodes open, Seal seal, Clock clock) {
    this.metadata = metadata;
    this.overlay = overlay;
    this.open = open;
    this.seal = seal;
    this.clock = clock;
  }

  /**
   * Changes all but the size.
   *
   * @param change what it becomes part of
   */
  void change(StagedInode inode, AttributeChange wanted, Change change) throws FsException {
    update(
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

  private interface Update {
    void apply(RowEdit row, Instant now) throws FsException;
  }

  private void update(StagedInode inode, Update update) throws FsException {
    update(inode, new Change(), update);
  }

  private void update(StagedInode inode, Change change, Update update) throws FsException {
    metadata.lock().lock();
    try {
      seal.requireOpen(open.hasWriter(inode.number()));
      RowEdit row = overlay.own(inode, change).edit();
      Instant now = clock.instant();
      update.apply(row, now);
      metadata.apply(change.put(row.changed(now).done()));
    } finally {
      metadata.lock().unlock();
    }
  }

  /** An attribute's value. */
  byte[] get(StagedInode inode, String name) throws FsException {
    byte[] value = overlay.require(inode).extended().get(requireName(name));
    if (value == null) {
      throw new FsException(FailureKind.NO_ATTRIBUTE, "no attribute '" + name + "'");
    }
    return value.clone();
  }

  List<String> list(StagedInode inode) throws FsException {
    return List.copyOf(overlay.require(inode).extended().keySet());
  }

  void set(StagedInode inode, String name, byte[] value, AttributeMode mode) throws FsException {
    requireName(name);
    if (value.length > MAX_VALUE_BYTES) {
      throw new FsException(FailureKind.TOO_LARGE, "an attribute has 65536 bytes at most");
    }
    update(
        inode,
        (row, now) -> {
          boolean known = row.extended.containsKey(name);
          if (known && mode == AttributeMode.CREATE) {
            throw new FsException(FailureKind.EXISTS, "the attribute exists: '" + name + "'");
          }
          if (!known && mode == AttributeMode.REPLACE) {
            throw new FsException(FailureKind.NO_ATTRIBUTE, "no attribute '" + name + "'");
          }
          SortedMap<String, byte[]> next = new TreeMap<>(row.extended);
          next.put(name, value.clone());
          requireRoom(next);
          row.extended = Collections.unmodifiableSortedMap(next);
        });
  }

  void remove(StagedInode inode, String name) throws FsException {
    requireName(name);
    update(
        inode,
        (row, now) -> {
          SortedMap<String, byte[]> next = new TreeMap<>(row.extended);
          if (next.remove(name) == null) {
            throw new FsException(FailureKind.NO_ATTRIBUTE, "no attribute '" + name + "'");
          }
          row.extended = Collections.unmodifiableSortedMap(next);
        });
  }

  private static void requireRoom(SortedMap<String, byte[]> attributes) throws FsException {
    int total = 0;
    for (var attribute : attributes.entrySet()) {
      total += OVERHEAD + Utf8.encode(attribute.getKey()).length + attribute.getValue().length;
    }
    if (total > MAX_TOTAL_BYTES) {
      throw new FsException(
          FailureKind.NO_SPACE, "the attributes of a file have 4000 bytes at most");
    }
  }

  private static String requireName(String name) throws FsException {
    if (!name.startsWith(USER)) {
      throw new FsException(FailureKind.UNSUPPORTED, "only attributes user.* are kept");
    }
    if (name.length() == USER.length()) {
      throw new FsException(FailureKind.INVALID, "an attribute without a name");
    }
    if (!Utf8.isEncodable(name) || Utf8.encode(name).length > MAX_NAME_BYTES) {
      throw new FsException(FailureKind.BUFFER_TOO_SMALL, "the attribute's name is too long");
    }
    return name;
  }
}
