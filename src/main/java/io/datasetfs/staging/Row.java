package io.datasetfs.staging;

import java.time.Instant;
import java.util.SortedMap;

/**
 * All that is kept of an inode but its names and bytes.
 *
 * @param number its number
 * @param kind what it is
 * @param mode its permission bits
 * @param uid its owner
 * @param gid its group
 * @param links its names; of a directory 2 and one a subdirectory
 * @param size its length
 * @param blocks units of 512 bytes, as far as known
 * @param atime last access
 * @param mtime last modification of content
 * @param ctime last change of attributes
 * @param device of a device
 * @param target of a symbolic link, else {@code null}
 * @param parent of a directory: the one that it is in
 * @param entries of a directory: the number of names in it
 * @param touched of a committed directory: whether any name in it or row below it is its own
 * @param dirty whether the content file may be longer, shorter and newer than this row says
 * @param base the committed entry whose content still shows, else {@code null}
 * @param baseLimit bytes from here on are never the committed entry's
 * @param extended extended attributes by name; not to be changed
 */
record Row(
    long number,
    InodeKind kind,
    int mode,
    int uid,
    int gid,
    int links,
    long size,
    long blocks,
    Instant atime,
    Instant mtime,
    Instant ctime,
    long device,
    String target,
    long parent,
    long entries,
    boolean touched,
    boolean dirty,
    BasePlace base,
    long baseLimit,
    SortedMap<String, byte[]> extended) {
  private static final int MAX_SHOWN_DIRECTORY_LINKS = 65_000;

  boolean isDirectory() {
    return kind == InodeKind.DIRECTORY;
  }

  boolean isFile() {
    return kind == InodeKind.FILE;
  }

  /** Whether recovery has to look at it. */
  boolean needsAttention() {
    return dirty || links == 0;
  }

  RowEdit edit() {
    return new RowEdit(this);
  }

  StagedAttributes attributes() {
    boolean many = isDirectory() && links >= MAX_SHOWN_DIRECTORY_LINKS;
    return new StagedAttributes(
        number, kind, mode, uid, gid, many ? 1 : links, size, blocks, device, atime, mtime, ctime);
  }
}
