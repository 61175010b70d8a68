package io.datasetfs.staging;

/**
 * What is known of a name in a directory.
 *
 * @param parent the directory's number
 * @param name the name
 * @param id grows with every change of a name in the area; the listing's cookie
 * @param child the inode's number, {@link #WHITEOUT} or {@link #NONE}
 * @param kind what the inode is, else {@code null}
 */
record NameRow(long parent, String name, long id, long child, InodeKind kind) {
  /** Stands for: the committed entry of that name does not show. */
  static final long WHITEOUT = 0;

  /** Stands for: nothing is kept of the name. */
  static final long NONE = -1;

  static NameRow whiteout(Key key, long id) {
    return new NameRow(key.parent(), key.name(), id, WHITEOUT, null);
  }

  static NameRow none(Key key) {
    return new NameRow(key.parent(), key.name(), 0, NONE, null);
  }

  boolean isLive() {
    return child > WHITEOUT;
  }

  Key key() {
    return new Key(parent, name);
  }

  StagedInode inode() {
    return StagedInode.of(child, kind);
  }

  /** A directory's number and a name in it. */
  record Key(long parent, String name) {}
}
