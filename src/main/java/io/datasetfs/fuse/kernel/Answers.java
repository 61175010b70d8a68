package io.datasetfs.fuse.kernel;

import com.kenai.jffi.MemoryIO;
import io.datasetfs.fs.Attributes;
import io.datasetfs.fs.FileType;
import io.datasetfs.fs.Ownership;
import io.datasetfs.fs.SpaceUsage;
import io.datasetfs.fuse.FileModes;
import io.datasetfs.fuse.Owner;
import java.time.Instant;

/** Writes the structures of answers to addresses. */
final class Answers {
  /** For ever, as far as anybody lives to see. */
  private static final long FOREVER = Integer.MAX_VALUE;

  private static final int BLOCK_SIZE = 4096;
  private static final int NAME_LENGTH = 255;
  private static final int SET_ID = 06000;
  private static final MemoryIO MEMORY = MemoryIO.getInstance();

  private final Owner owner;
  private final int entryTimeout;
  private final int attributeTimeout;

  /**
   * @param entryTimeout seconds for which names are known that may change their meaning
   * @param attributeTimeout seconds for which attributes are known that may change
   */
  Answers(Owner owner, int entryTimeout, int attributeTimeout) {
    this.owner = owner;
    this.entryTimeout = entryTimeout;
    this.attributeTimeout = attributeTimeout;
  }

  /**
   * A {@code struct fuse_entry_out}: what is under a name.
   *
   * @param nameStays whether the name does not change, or only by what the kernel itself asks for
   * @param isPassing whether it may be another thing at any moment
   * @param inodeStays whether that is so for the inode
   */
  int putEntry(
      long out,
      long node,
      Attributes attributes,
      boolean nameStays,
      boolean inodeStays,
      boolean isPassing) {
    MEMORY.putLong(out + Protocol.ENTRY_NODE, node);
    MEMORY.putLong(out + Protocol.ENTRY_GENERATION, 0);
    MEMORY.putLong(out + Protocol.ENTRY_VALID, isPassing ? 0 : nameStays ? FOREVER : entryTimeout);
    MEMORY.putLong(
        out + Protocol.ENTRY_ATTR_VALID, isPassing ? 0 : seconds(attributes, inodeStays));
    MEMORY.putLong(out + Protocol.ENTRY_VALID_NANOS, 0); // both
    putAttributes(out + Protocol.ENTRY_ATTR, attributes);
    return Protocol.ENTRY;
  }

  /** A {@code struct fuse_entry_out} that says: nothing, unless the kernel asks for it. */
  static int putNothing(long out) {
    MEMORY.setMemory(out, Protocol.ENTRY, (byte) 0);
    MEMORY.putLong(out + Protocol.ENTRY_VALID, FOREVER);
    return Protocol.ENTRY;
  }

  /** A {@code struct fuse_attr_out}. */
  int putAttributesOut(long out, Attributes attributes, boolean inodeStays) {
    MEMORY.putLong(out + Protocol.ATTR_OUT_VALID, seconds(attributes, inodeStays));
    MEMORY.putLong(out + Protocol.ATTR_OUT_VALID_NANOS, 0);
    putAttributes(out + Protocol.ATTR_OUT_ATTR, attributes);
    return Protocol.ATTR_OUT;
  }

  /**
   * How long attributes are known. Of a write that takes set-user and set-group bits away, which is
   * left to the file system, the kernel keeps the mode as it was.
   */
  private long seconds(Attributes attributes, boolean inodeStays) {
    boolean changeable = attributes.owner() != null;
    if (changeable && attributes.type() == FileType.REGULAR && (attributes.mode() & SET_ID) != 0) {
      return 0;
    }
    return inodeStays ? FOREVER : attributeTimeout;
  }

  private void putAttributes(long out, Attributes attributes) {
    Instant atime = attributes.atime();
    Instant mtime = attributes.mtime();
    Instant ctime = attributes.ctime();
    MEMORY.putLong(out + Protocol.ATTR_INO, attributes.inode());
    MEMORY.putLong(out + Protocol.ATTR_SIZE, attributes.size());
    MEMORY.putLong(out + Protocol.ATTR_BLOCKS, attributes.blocks());
    MEMORY.putLong(out + Protocol.ATTR_ATIME, atime.getEpochSecond());
    MEMORY.putLong(out + Protocol.ATTR_MTIME, mtime.getEpochSecond());
    MEMORY.putLong(out + Protocol.ATTR_CTIME, ctime.getEpochSecond());
    MEMORY.putInt(out + Protocol.ATTR_ATIME_NANOS, atime.getNano());
    MEMORY.putInt(out + Protocol.ATTR_MTIME_NANOS, mtime.getNano());
    MEMORY.putInt(out + Protocol.ATTR_CTIME_NANOS, ctime.getNano());
    MEMORY.putInt(out + Protocol.ATTR_MODE, FileModes.of(attributes, owner.umask()));
    MEMORY.putInt(out + Protocol.ATTR_LINKS, attributes.links());
    Ownership of = attributes.owner();
    MEMORY.putInt(out + Protocol.ATTR_UID, of == null ? owner.uid() : of.uid());
    MEMORY.putInt(out + Protocol.ATTR_GID, of == null ? owner.gid() : of.gid());
    MEMORY.putInt(out + Protocol.ATTR_RDEV, attributes.device());
    MEMORY.putInt(out + Protocol.ATTR_BLOCK_SIZE, BLOCK_SIZE);
    MEMORY.putInt(out + Protocol.ATTR_FLAGS, 0);
  }

  /** A {@code struct fuse_open_out}. */
  static int putOpen(long out, long handle, int flags) {
    MEMORY.putLong(out + Protocol.OPEN_OUT_HANDLE, handle);
    MEMORY.putLong(out + Protocol.OPEN_OUT_FLAGS, 0);
    MEMORY.putInt(out + Protocol.OPEN_OUT_FLAGS, flags);
    return Protocol.OPEN_OUT;
  }

  /** A {@code struct fuse_write_out}. */
  static int putWritten(long out, int bytes) {
    MEMORY.putLong(out, 0);
    MEMORY.putInt(out, bytes);
    return Protocol.WRITE_OUT;
  }

  /** A {@code struct fuse_lseek_out}. */
  static int putSeek(long out, long offset) {
    MEMORY.putLong(out, offset);
    return Protocol.SEEK_OUT;
  }

  /** A {@code struct fuse_statfs_out}. */
  static int putSpace(long out, SpaceUsage space) {
    MEMORY.setMemory(out, Protocol.STATFS_OUT, (byte) 0);
    MEMORY.putLong(out + Protocol.STATFS_BLOCKS, space.blocks());
    MEMORY.putLong(out + Protocol.STATFS_FREE, space.available());
    MEMORY.putLong(out + Protocol.STATFS_AVAILABLE, space.available());
    MEMORY.putLong(out + Protocol.STATFS_FILES, space.files());
    MEMORY.putLong(out + Protocol.STATFS_FREE_FILES, space.freeFiles());
    MEMORY.putInt(out + Protocol.STATFS_BLOCK_SIZE, space.blockSize());
    MEMORY.putInt(out + Protocol.STATFS_NAME_LENGTH, NAME_LENGTH);
    MEMORY.putInt(out + Protocol.STATFS_FRAGMENT_SIZE, space.blockSize());
    return Protocol.STATFS_OUT;
  }
}
