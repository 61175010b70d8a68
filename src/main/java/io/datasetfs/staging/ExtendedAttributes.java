package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Utf8;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The extended attributes of inodes, and what there may be of them. Thread-safe. */
final class ExtendedAttributes {
  private static final String USER = "user.";

  /** Linux's bounds for one attribute, and what ext4 has room for in one inode. */
  private static final int MAX_NAME_BYTES = 255;

  private static final int MAX_VALUE_BYTES = 65_536;
  private static final int MAX_TOTAL_BYTES = 4000;
  private static final int OVERHEAD = 16;

  private final Overlay overlay;
  private final InodeUpdates updates;

  ExtendedAttributes(Overlay overlay, InodeUpdates updates) {
    this.overlay = overlay;
    this.updates = updates;
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
    updates.update(
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
    updates.update(
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
