package io.datasetfs.staging;

/** What an inode is: all kinds that POSIX has. */
public enum InodeKind {
  /** A regular file. */
  FILE(0100000),
  /** A directory. */
  DIRECTORY(0040000),
  /** A symbolic link. */
  SYMLINK(0120000),
  /** A named pipe. */
  FIFO(0010000),
  /** A socket's name. */
  SOCKET(0140000),
  /** A character device. */
  CHARACTER_DEVICE(0020000),
  /** A block device. */
  BLOCK_DEVICE(0060000);

  private static final InodeKind[] ALL = values();
  private static final int CODE_SHIFT = 12;
  private static final int TYPE_MASK = 0170000;

  private final int typeBits;

  InodeKind(int typeBits) {
    this.typeBits = typeBits;
  }

  /** The type's bits in {@code st_mode}. */
  public int typeBits() {
    return typeBits;
  }

  /** Whether a committed version can hold it. */
  public boolean isCommittable() {
    return this == FILE || this == DIRECTORY || this == SYMLINK;
  }

  /** The kind that {@code st_mode} tells; a regular file where it tells none, as mknod has it. */
  public static InodeKind ofMode(int mode) {
    for (InodeKind kind : ALL) {
      if (kind.typeBits == (mode & TYPE_MASK)) {
        return kind;
      }
    }
    return FILE;
  }

  /** Four bits, as stored. */
  int code() {
    return typeBits >>> CODE_SHIFT;
  }

  static InodeKind ofCode(int code) {
    return ofMode(code << CODE_SHIFT);
  }
}
