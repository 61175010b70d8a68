package io.datasetfs.fuse;

import io.datasetfs.fs.Attributes;
import io.datasetfs.fs.FileType;

/** The {@code st_mode} of files: their type and what may be done with them. */
public final class FileModes {
  private static final int TYPE_REGULAR = 0100000;
  private static final int TYPE_DIRECTORY = 0040000;
  private static final int TYPE_SYMLINK = 0120000;

  private FileModes() {}

  /**
   * Type and permissions.
   *
   * @param umask permissions to take away
   */
  public static int of(Attributes attributes, int umask) {
    int permissions = attributes.mode() & 07777;
    // symbolic links are 0777 whatever the umask, as everywhere on Linux
    return typeBits(attributes.type())
        | (attributes.type() == FileType.SYMLINK ? 0777 : permissions & ~umask);
  }

  /** The type alone. */
  public static int typeBits(FileType type) {
    return switch (type) {
      case REGULAR -> TYPE_REGULAR;
      case DIRECTORY -> TYPE_DIRECTORY;
      case SYMLINK -> TYPE_SYMLINK;
    };
  }
}
