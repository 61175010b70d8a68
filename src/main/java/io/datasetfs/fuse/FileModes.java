package io.datasetfs.fuse;

import io.datasetfs.fs.Attributes;
import io.datasetfs.fs.FileType;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;

/** The {@code st_mode} of files: their type and what may be done with them. */
public final class FileModes {
  private static final int TYPE_REGULAR = 0100000;
  private static final int TYPE_DIRECTORY = 0040000;
  private static final int TYPE_SYMLINK = 0120000;

  private static final int TYPE_FIFO = 0010000;
  private static final int TYPE_SOCKET = 0140000;
  private static final int TYPE_CHARACTER_DEVICE = 0020000;
  private static final int TYPE_BLOCK_DEVICE = 0060000;
  private static final int TYPE = 0170000;

  private FileModes() {}

  /**
   * Type and permissions.
   *
   * @param umask permissions to take away from what belongs to the mount
   */
  public static int of(Attributes attributes, int umask) {
    int permissions = attributes.mode() & 07777;
    // symbolic links are 0777 whatever the umask, as everywhere on Linux
    return typeBits(attributes.type())
        | (attributes.type() == FileType.SYMLINK
            ? 0777
            : attributes.owner() == null ? permissions & ~umask : permissions);
  }

  /**
   * The type in a mode; none is a regular file, as for {@code mknod}.
   *
   * @throws FsException INVALID for what is no type
   */
  public static FileType typeOf(int mode) throws FsException {
    if ((mode & TYPE) == 0) {
      return FileType.REGULAR;
    }
    for (FileType type : FileType.values()) {
      if (typeBits(type) == (mode & TYPE)) {
        return type;
      }
    }
    throw new FsException(FailureKind.INVALID, "no type of file: " + Integer.toOctalString(mode));
  }

  /** The permissions in a mode. */
  public static int permissions(int mode) {
    return mode & 07777;
  }

  /** The type alone. */
  public static int typeBits(FileType type) {
    return switch (type) {
      case REGULAR -> TYPE_REGULAR;
      case DIRECTORY -> TYPE_DIRECTORY;
      case SYMLINK -> TYPE_SYMLINK;
      case FIFO -> TYPE_FIFO;
      case SOCKET -> TYPE_SOCKET;
      case CHARACTER_DEVICE -> TYPE_CHARACTER_DEVICE;
      case BLOCK_DEVICE -> TYPE_BLOCK_DEVICE;
    };
  }
}
