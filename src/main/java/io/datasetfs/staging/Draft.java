package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Utf8;
import java.time.Instant;

/**
 * What is new about an inode that is to be made.
 *
 * @param mode its permission bits
 * @param device {@code st_rdev} of a device
 * @param target of a symbolic link, else {@code null}
 */
record Draft(InodeKind kind, int mode, long device, String target, Creator creator) {
  private static final int SET_GID = 02000;
  private static final int PERMISSIONS = 07777;
  private static final int MAX_TARGET_BYTES = 4095;

  static Draft file(int mode, Creator creator) {
    return new Draft(InodeKind.FILE, mode, 0, null, creator);
  }

  static Draft directory(int mode, Creator creator) {
    return new Draft(InodeKind.DIRECTORY, mode, 0, null, creator);
  }

  /** Anything that has neither a target nor entries. */
  static Draft node(InodeKind kind, int mode, long device, Creator creator) throws FsException {
    if (kind == InodeKind.DIRECTORY || kind == InodeKind.SYMLINK) {
      throw new FsException(FailureKind.INVALID, "is made in another way");
    }
    return new Draft(kind, mode, device, null, creator);
  }

  static Draft symlink(String target, Creator creator) throws FsException {
    if (!Utf8.isEncodable(target)) {
      throw new FsException(FailureKind.ILLEGAL_NAME, "the target is not valid Unicode");
    }
    if (target.isEmpty()) {
      throw new FsException(FailureKind.NOT_FOUND, "an empty target");
    }
    if (Utf8.encode(target).length > MAX_TARGET_BYTES) {
      throw new FsException(FailureKind.NAME_TOO_LONG, "the target is longer than 4095 bytes");
    }
    return new Draft(InodeKind.SYMLINK, 0777, 0, target, creator);
  }

  /** The row that the inode begins with. */
  Row row(long number, Row parent, Instant now) {
    RowEdit row = new RowEdit(number, kind);
    boolean inherits = (parent.mode() & SET_GID) != 0;
    row.mode = mode & PERMISSIONS;
    row.uid = creator.uid();
    row.gid = inherits ? parent.gid() : creator.gid();
    row.atime = now;
    row.modified(now);
    row.device = device;
    if (kind == InodeKind.DIRECTORY) {
      row.mode |= inherits ? SET_GID : 0;
      row.links = 2;
      row.size = PageMap.PAGE;
      row.blocks = Base.blocks(row.size);
      row.parent = parent.number();
    } else if (kind == InodeKind.SYMLINK) {
      row.target = target;
      row.size = Utf8.encode(target).length;
    } else {
      // Its bytes may be written and its process killed before this row hears of it.
      row.dirty = kind == InodeKind.FILE;
    }
    return row.done();
  }
}
