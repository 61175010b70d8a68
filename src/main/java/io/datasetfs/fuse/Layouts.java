package io.datasetfs.fuse;

import com.kenai.jffi.MemoryIO;
import io.datasetfs.fs.Attributes;
import io.datasetfs.fs.FileType;
import io.datasetfs.fs.OpenMode;
import io.datasetfs.fs.Ownership;
import io.datasetfs.fs.SpaceUsage;
import io.datasetfs.staging.AttributeChange;
import java.time.Instant;
import jnr.ffi.Memory;
import jnr.ffi.Runtime;
import ru.serce.jnrfuse.struct.FileStat;
import ru.serce.jnrfuse.struct.FuseFileInfo;
import ru.serce.jnrfuse.struct.FuseOperations;
import ru.serce.jnrfuse.struct.Statvfs;
import ru.serce.jnrfuse.struct.Timespec;

/**
 * Where the members of libfuse's structures are on this machine. jnr-fuse knows the structures of
 * each architecture; its offsets are asked for once, so that an upcall writes numbers to addresses
 * and makes no objects.
 */
final class Layouts {
  /** The flag bits behind {@code bmap} in {@code struct fuse_operations}. */
  static final int NULLPATH_OK = 1;

  static final int NOPATH = 2;
  static final int UTIME_OMIT_OK = 4;

  /** Bits in the word before {@code fh} in {@code struct fuse_file_info}. */
  private static final int KEEP_CACHE = 2;

  private static final int ACCESS_MODE = 3;
  private static final int WRITE_ONLY = 1;
  private static final int TRUNCATE = 01000;
  private static final long UTIME_NOW = (1 << 30) - 1;
  private static final long UTIME_OMIT = (1 << 30) - 2;
  private static final int BLOCK_SIZE = 4096;

  private static final MemoryIO MEMORY = MemoryIO.getInstance();
  private static final Runtime RUNTIME = Runtime.getSystemRuntime();
  private static final FileStat STAT = new FileStat(RUNTIME);
  private static final Statvfs STATVFS = new Statvfs(RUNTIME);
  private static final FuseFileInfo FILE_INFO =
      FuseFileInfo.of(Memory.allocateDirect(RUNTIME, 64, true));

  static final FuseOperations OPERATIONS = new FuseOperations(RUNTIME);
  static final long OPERATION_FLAGS = OPERATIONS.bmap.offset() + Long.BYTES;
  static final int STAT_SIZE = jnr.ffi.Struct.size(STAT);

  private static final long INO = STAT.st_ino.offset();
  private static final long MODE = STAT.st_mode.offset();
  private static final long LINKS = STAT.st_nlink.offset();
  // 64 bits before the mode on x86_64, 32 behind it elsewhere
  private static final boolean WIDE_LINKS = MODE - LINKS == Long.BYTES;
  private static final long UID = STAT.st_uid.offset();
  private static final long GID = STAT.st_gid.offset();
  private static final long DEVICE = STAT.st_rdev.offset();
  private static final long SIZE = STAT.st_size.offset();
  private static final long BLKSIZE = STAT.st_blksize.offset();
  private static final long BLOCKS = STAT.st_blocks.offset();
  private static final long ATIME = time(STAT.st_atim);
  private static final long MTIME = time(STAT.st_mtim);
  private static final long CTIME = time(STAT.st_ctim);

  private static final long FLAGS = FILE_INFO.flags.offset();
  private static final long HANDLE = FILE_INFO.fh.offset();

  private Layouts() {}

  private static long time(Timespec time) {
    return time.tv_sec.offset();
  }

  /** Writes a {@code struct stat}, the rest of which is 0 already. */
  static void putStat(long address, Attributes attributes, Owner owner) {
    MEMORY.putLong(address + INO, attributes.inode());
    MEMORY.putInt(address + MODE, FileModes.of(attributes, owner.umask()));
    if (WIDE_LINKS) {
      MEMORY.putLong(address + LINKS, attributes.links());
    } else {
      MEMORY.putInt(address + LINKS, attributes.links());
    }
    Ownership of = attributes.owner();
    MEMORY.putInt(address + UID, of == null ? owner.uid() : of.uid());
    MEMORY.putInt(address + GID, of == null ? owner.gid() : of.gid());
    MEMORY.putLong(address + DEVICE, attributes.device());
    MEMORY.putLong(address + SIZE, attributes.size());
    MEMORY.putInt(address + BLKSIZE, BLOCK_SIZE);
    MEMORY.putLong(address + BLOCKS, attributes.blocks());
    putTime(address + ATIME, attributes.atime());
    putTime(address + MTIME, attributes.mtime());
    putTime(address + CTIME, attributes.ctime());
  }

  /** Writes what a directory entry needs of a {@code struct stat}: number and type. */
  static void putEntry(long address, long inode, FileType type) {
    MEMORY.putLong(address + INO, inode);
    MEMORY.putInt(address + MODE, FileModes.typeBits(type));
  }

  private static void putTime(long address, Instant time) {
    MEMORY.putLong(address, time.getEpochSecond());
    MEMORY.putLong(address + Long.BYTES, time.getNano());
  }

  /** Writes a {@code struct statvfs}. */
  static void putSpace(long address, SpaceUsage space) {
    MEMORY.putLong(address + STATVFS.f_bsize.offset(), space.blockSize());
    MEMORY.putLong(address + STATVFS.f_frsize.offset(), space.blockSize());
    MEMORY.putLong(address + STATVFS.f_blocks.offset(), space.blocks());
    MEMORY.putLong(address + STATVFS.f_bfree.offset(), space.available());
    MEMORY.putLong(address + STATVFS.f_bavail.offset(), space.available());
    MEMORY.putLong(address + STATVFS.f_files.offset(), space.files());
    MEMORY.putLong(address + STATVFS.f_ffree.offset(), space.freeFiles());
    MEMORY.putLong(address + STATVFS.f_favail.offset(), space.freeFiles());
    MEMORY.putLong(address + STATVFS.f_namemax.offset(), 255);
  }

  /** The handle in a {@code struct fuse_file_info}. */
  static long handle(long fileInfo) {
    return MEMORY.getLong(fileInfo + HANDLE);
  }

  /** Sets the handle in a {@code struct fuse_file_info}. */
  static void putHandle(long fileInfo, long handle) {
    MEMORY.putLong(fileInfo + HANDLE, handle);
  }

  /** Lets the kernel keep the pages of earlier opens. */
  static void putKeepCache(long fileInfo) {
    // a bit field, which jnr-fuse has as padding; it fills the word before the handle
    long word = fileInfo + HANDLE - Integer.BYTES;
    MEMORY.putInt(word, MEMORY.getInt(word) | KEEP_CACHE);
  }

  /** What an {@code open} is for. */
  static OpenMode openMode(long fileInfo) {
    int flags = MEMORY.getInt(fileInfo + FLAGS);
    int access = flags & ACCESS_MODE;
    return new OpenMode(
        access != WRITE_ONLY,
        access != 0,
        (flags & TRUNCATE) != 0,
        LoopThread.unprivileged() != null);
  }

  /**
   * What {@code utimens} sets: a {@code struct timespec[2]}.
   *
   * @param index 0 for the time of access, 1 for that of modification
   * @return {@code null} when it stays
   */
  static Instant setTime(long times, int index) {
    long time = times + 2L * Long.BYTES * index;
    long nanos = MEMORY.getLong(time + Long.BYTES);
    if (nanos == UTIME_OMIT) {
      return null;
    }
    return nanos == UTIME_NOW ? AttributeChange.NOW : Timestamps.of(MEMORY.getLong(time), nanos);
  }
}
