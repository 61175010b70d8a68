package io.datasetfs.fuse;

import io.datasetfs.fs.FileSystem;
import io.datasetfs.fs.Inode;
import io.datasetfs.model.FsException;

/** Finds the inodes of the paths that libfuse's high level makes of the kernel's requests. */
final class PathWalk {
  private final FileSystem fs;

  PathWalk(FileSystem fs) {
    this.fs = fs;
  }

  /**
   * The inode of a path.
   *
   * @param path address of an absolute path without {@code .} and {@code ..}
   * @throws FsException ILLEGAL_NAME when it is not valid UTF-8, or what looking a name up met
   */
  Inode find(long path) throws FsException {
    return find(CStrings.decode(CStrings.bytesAt(path)));
  }

  /**
   * The directory that a path's last name is, or would be, in; for the top directory itself.
   *
   * @throws FsException as {@link #find}
   */
  Inode findParent(long path) throws FsException {
    String text = CStrings.decode(CStrings.bytesAt(path));
    return find(text.substring(0, text.lastIndexOf('/') + 1));
  }

  /** A path's last name. */
  static String lastName(long path) throws FsException {
    String text = CStrings.decode(CStrings.bytesAt(path));
    return text.substring(text.lastIndexOf('/') + 1);
  }

  private Inode find(String path) throws FsException {
    Inode inode = fs.root();
    int start = 1;
    while (start < path.length()) {
      int slash = path.indexOf('/', start);
      int end = slash < 0 ? path.length() : slash;
      inode = fs.lookup(inode, path.substring(start, end));
      start = end + 1;
    }
    return inode;
  }
}
