package io.datasetfs.fs;

import java.time.Instant;

/**
 * What {@code stat} tells of an inode.
 *
 * @param inode its number
 * @param type what it is
 * @param mode its permission bits, {@code 07777} at most, before any umask of the mount
 * @param links the number of names; for a directory 2 and one a subdirectory
 * @param size its length in bytes
 * @param blocks units of 512 bytes that it occupies, as {@code du} counts them
 * @param atime when it was last read, as far as anybody notes that
 * @param mtime when its content last changed
 * @param ctime when its attributes last changed
 * @param owner who it belongs to; {@code null}: to whom the mount says, whose umask counts then
 * @param device the number of a device, as the kernel encodes it in 32 bits; otherwise 0
 */
public record Attributes(
    long inode,
    FileType type,
    int mode,
    int links,
    long size,
    long blocks,
    Instant atime,
    Instant mtime,
    Instant ctime,
    Ownership owner,
    int device) {
  /** Those of something that takes no writes: it belongs to the mount, and nobody notes reads. */
  public Attributes(
      long inode,
      FileType type,
      int mode,
      int links,
      long size,
      long blocks,
      Instant mtime,
      Instant ctime) {
    this(inode, type, mode, links, size, blocks, mtime, mtime, ctime, null, 0);
  }
}
