package io.datasetfs.fs;

import io.datasetfs.model.FsException;
import io.datasetfs.staging.AllocateMode;
import io.datasetfs.staging.AttributeChange;
import io.datasetfs.staging.AttributeMode;
import io.datasetfs.staging.RenameMode;
import java.nio.ByteBuffer;

/**
 * The operations of a file system that change something. All methods may be called by several
 * threads at once. What is refused because it is not in an uncommitted version fails with
 * READ_ONLY; every method may fail with NO_SPACE and IO, those that take names with NAME_TOO_LONG
 * and ILLEGAL_NAME, and those that take inodes with STALE when what they stood for is gone.
 */
public interface FileChanges {
  /**
   * Creates a regular file and opens it.
   *
   * @param mode its permission bits
   * @throws FsException EXISTS
   */
  Created create(Inode directory, String name, int mode, OpenMode open, Requester requester)
      throws FsException;

  /**
   * Creates a regular file without a name, which goes with its last handle unless it is given one.
   */
  Created createUnnamed(Inode directory, int mode, OpenMode open, Requester requester)
      throws FsException;

  /**
   * Makes anything but a directory or a symbolic link.
   *
   * @param device the number of a device, as the kernel encodes it; otherwise 0
   * @throws FsException EXISTS
   */
  Inode makeNode(
      Inode directory, String name, FileType type, int mode, int device, Requester requester)
      throws FsException;

  /**
   * Makes a directory.
   *
   * @throws FsException EXISTS, TOO_MANY_LINKS
   */
  Inode makeDirectory(Inode directory, String name, int mode, Requester requester)
      throws FsException;

  /**
   * Makes a symbolic link.
   *
   * @throws FsException EXISTS
   */
  Inode makeSymlink(Inode directory, String name, String target, Requester requester)
      throws FsException;

  /**
   * Gives something one more name.
   *
   * @throws FsException EXISTS, NOT_PERMITTED for a directory, TOO_MANY_LINKS, CROSS_DEVICE between
   *     versions
   */
  void link(Inode inode, Inode directory, String name) throws FsException;

  /**
   * Removes a name of anything but a directory. What is open stays usable.
   *
   * @throws FsException NOT_FOUND, IS_DIRECTORY
   */
  void unlink(Inode directory, String name) throws FsException;

  /**
   * Removes an empty directory.
   *
   * @throws FsException NOT_FOUND, NOT_DIRECTORY, NOT_EMPTY
   */
  void removeDirectory(Inode directory, String name) throws FsException;

  /**
   * Renames.
   *
   * @throws FsException NOT_FOUND, EXISTS, NOT_EMPTY, IS_DIRECTORY, NOT_DIRECTORY, INVALID for a
   *     directory into itself, CROSS_DEVICE between versions
   */
  void rename(Inode directory, String name, Inode newDirectory, String newName, RenameMode mode)
      throws FsException;

  /**
   * Changes attributes, all or none.
   *
   * @param file the file, when it is the holder of an open file that asks; otherwise {@code null}
   * @return the attributes afterwards
   * @throws FsException IS_DIRECTORY, INVALID, TOO_LARGE for a size
   */
  Attributes setAttributes(Inode inode, OpenFile file, AttributeChange change, Requester requester)
      throws FsException;

  /**
   * Writes all of {@code source} between its position and its limit.
   *
   * @param unprivileged who writes, if what he writes to does not keep its set-user and set-group
   *     bits; else {@code null}
   * @return the number of bytes written; less than asked for only when there is no more room
   * @throws FsException BAD_DESCRIPTOR when it is not open for writing, TOO_LARGE
   */
  int write(OpenFile file, long offset, ByteBuffer source, Requester unprivileged)
      throws FsException;

  /** Called whenever a descriptor of the file is closed: what was written is to survive. */
  void flush(OpenFile file) throws FsException;

  /**
   * Returns when the file is on the disk.
   *
   * @param dataOnly whether attributes that reading does without may wait
   */
  void sync(OpenFile file, boolean dataOnly) throws FsException;

  /** Returns when the directory is on the disk. */
  void sync(OpenDirectory directory) throws FsException;

  /**
   * Allocates room for a range of a file, or gives it back.
   *
   * @param offset the first byte; 0 or more
   * @param length how many; more than 0
   * @param unprivileged as for {@link #write}
   * @throws FsException UNSUPPORTED, TOO_LARGE
   */
  void allocate(OpenFile file, AllocateMode mode, long offset, long length, Requester unprivileged)
      throws FsException;

  /**
   * Sets an extended attribute.
   *
   * @throws FsException EXISTS, NO_ATTRIBUTE, UNSUPPORTED for a name that cannot be set
   */
  void setExtendedAttribute(Inode inode, String name, byte[] value, AttributeMode rule)
      throws FsException;

  /**
   * Removes an extended attribute.
   *
   * @throws FsException NO_ATTRIBUTE
   */
  void removeExtendedAttribute(Inode inode, String name) throws FsException;
}
