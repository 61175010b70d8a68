package io.datasetfs.fuse.kernel;

/**
 * The kernel's protocol: numbers of operations and flags, and where the members of its structures
 * are ({@code linux/fuse.h}). They are the same on all 64-bit machines; offsets of what is behind a
 * header count from the header's end.
 */
final class Protocol {
  static final int MAJOR = 7;

  /** What libfuse 2.9 spoke; older kernels are twelve years old. */
  static final int OLDEST_MINOR = 19;

  /** What is spoken here; a newer kernel makes do with it, an older one takes what it knows. */
  static final int MINOR = 33;

  /** The number of the top directory. */
  static final long ROOT = 1;

  // operations
  static final int LOOKUP = 1;
  static final int FORGET = 2;
  static final int GETATTR = 3;
  static final int SETATTR = 4;
  static final int READLINK = 5;
  static final int SYMLINK = 6;
  static final int MKNOD = 8;
  static final int MKDIR = 9;
  static final int UNLINK = 10;
  static final int RMDIR = 11;
  static final int RENAME = 12;
  static final int LINK = 13;
  static final int OPEN = 14;
  static final int READ = 15;
  static final int WRITE = 16;
  static final int STATFS = 17;
  static final int RELEASE = 18;
  static final int FSYNC = 20;
  static final int SETXATTR = 21;
  static final int GETXATTR = 22;
  static final int LISTXATTR = 23;
  static final int REMOVEXATTR = 24;
  static final int FLUSH = 25;
  static final int INIT = 26;
  static final int OPENDIR = 27;
  static final int READDIR = 28;
  static final int RELEASEDIR = 29;
  static final int FSYNCDIR = 30;
  static final int CREATE = 35;
  static final int INTERRUPT = 36;
  static final int DESTROY = 38;
  static final int BATCH_FORGET = 42;
  static final int FALLOCATE = 43;
  static final int READDIRPLUS = 44;
  static final int RENAME2 = 45;
  static final int LSEEK = 46;
  static final int TMPFILE = 51;

  // flags of INIT
  static final int ASYNC_READ = 1;
  static final int ATOMIC_O_TRUNC = 1 << 3;
  static final int BIG_WRITES = 1 << 5;
  static final int DO_READDIRPLUS = 1 << 13;
  static final int PARALLEL_DIROPS = 1 << 18;
  static final int MAX_PAGES = 1 << 22;
  static final int CACHE_SYMLINKS = 1 << 23;
  static final int HANDLE_KILLPRIV_V2 = 1 << 28;

  // flags of an answer to OPEN and OPENDIR
  static final int KEEP_CACHE = 1 << 1;
  static final int CACHE_DIR = 1 << 3;
  static final int NO_FLUSH = 1 << 5;

  // flags of a request to open, and what the kernel adds to them
  static final int ACCESS_MODE = 3;
  static final int WRITE_ONLY = 1;
  static final int EXCLUSIVE = 0200;
  static final int TRUNCATE = 01000;
  static final int OPEN_KILLS = 1;

  // flags of other requests
  static final int WRITE_KILLS = 1 << 2;
  static final int DATA_ONLY = 1;
  static final int RENAME_KEEPS = 1;
  static final int RENAME_EXCHANGES = 2;
  static final int SEEK_DATA = 3;
  static final int SEEK_HOLE = 4;

  // which attributes a request sets
  static final int SETS_MODE = 1;
  static final int SETS_UID = 1 << 1;
  static final int SETS_GID = 1 << 2;
  static final int SETS_SIZE = 1 << 3;
  static final int SETS_ATIME = 1 << 4;
  static final int SETS_MTIME = 1 << 5;
  static final int SETS_BY_HANDLE = 1 << 6;
  static final int SETS_ATIME_NOW = 1 << 7;
  static final int SETS_MTIME_NOW = 1 << 8;
  static final int SETATTR_KILLS = 1 << 11;

  // what the kernel is told without having asked
  static final int NOTIFY_INVAL_INODE = 2;
  static final int NOTIFY_INVAL_ENTRY = 3;

  // struct fuse_in_header
  static final int IN_LENGTH = 0;
  static final int IN_OPCODE = 4;
  static final int IN_UNIQUE = 8;
  static final int IN_NODE = 16;
  static final int IN_UID = 24;
  static final int IN_GID = 28;
  static final int IN_CALLER = 32;
  static final int IN_HEADER = 40;

  // struct fuse_out_header
  static final int OUT_LENGTH = 0;
  static final int OUT_ERROR = 4;
  static final int OUT_UNIQUE = 8;
  static final int OUT_HEADER = 16;

  // struct fuse_init_in, fuse_init_out
  static final int INIT_MAJOR = 0;
  static final int INIT_MINOR = 4;
  static final int INIT_READAHEAD = 8;
  static final int INIT_FLAGS = 12;
  static final int INIT_BACKGROUND = 16;
  static final int INIT_CONGESTION = 18;
  static final int INIT_MAX_WRITE = 20;
  static final int INIT_TIME_GRANULARITY = 24;
  static final int INIT_MAX_PAGES = 28;
  static final int INIT_OUT = 64;
  static final int INIT_OUT_BEFORE_23 = 24;
  static final int MINOR_OF_LONG_INIT = 23;

  // struct fuse_attr
  static final int ATTR_INO = 0;
  static final int ATTR_SIZE = 8;
  static final int ATTR_BLOCKS = 16;
  static final int ATTR_ATIME = 24;
  static final int ATTR_MTIME = 32;
  static final int ATTR_CTIME = 40;
  static final int ATTR_ATIME_NANOS = 48;
  static final int ATTR_MTIME_NANOS = 52;
  static final int ATTR_CTIME_NANOS = 56;
  static final int ATTR_MODE = 60;
  static final int ATTR_LINKS = 64;
  static final int ATTR_UID = 68;
  static final int ATTR_GID = 72;
  static final int ATTR_RDEV = 76;
  static final int ATTR_BLOCK_SIZE = 80;
  static final int ATTR_FLAGS = 84;
  static final int ATTR = 88;

  // struct fuse_entry_out
  static final int ENTRY_NODE = 0;
  static final int ENTRY_GENERATION = 8;
  static final int ENTRY_VALID = 16;
  static final int ENTRY_ATTR_VALID = 24;
  static final int ENTRY_VALID_NANOS = 32;
  static final int ENTRY_ATTR = 40;
  static final int ENTRY = ENTRY_ATTR + ATTR;

  // struct fuse_attr_out
  static final int ATTR_OUT_VALID = 0;
  static final int ATTR_OUT_VALID_NANOS = 8;
  static final int ATTR_OUT_ATTR = 16;
  static final int ATTR_OUT = ATTR_OUT_ATTR + ATTR;

  // struct fuse_open_in, fuse_open_out
  static final int OPEN_FLAGS = 0;
  static final int OPEN_OPEN_FLAGS = 4;
  static final int OPEN_OUT_HANDLE = 0;
  static final int OPEN_OUT_FLAGS = 8;
  static final int OPEN_OUT = 16;

  // struct fuse_read_in; the handle comes first in fuse_release_in, too
  static final int HANDLE = 0;
  static final int READ_OFFSET = 8;
  static final int READ_SIZE = 16;

  // struct fuse_write_in, fuse_write_out
  static final int WRITE_OFFSET = 8;
  static final int WRITE_SIZE = 16;
  static final int WRITE_FLAGS = 20;
  static final int WRITE_BYTES = 40;
  static final int WRITE_OUT = 8;

  // struct fuse_fsync_in
  static final int FSYNC_FLAGS = 8;

  // struct fuse_fallocate_in
  static final int FALLOCATE_OFFSET = 8;
  static final int FALLOCATE_LENGTH = 16;
  static final int FALLOCATE_MODE = 24;

  // struct fuse_lseek_in, fuse_lseek_out
  static final int SEEK_OFFSET = 8;
  static final int SEEK_WHENCE = 16;
  static final int SEEK_OUT = 8;

  // struct fuse_setattr_in
  static final int SETATTR_VALID = 0;
  static final int SETATTR_HANDLE = 8;
  static final int SETATTR_SIZE = 16;
  static final int SETATTR_ATIME = 32;
  static final int SETATTR_MTIME = 40;
  static final int SETATTR_ATIME_NANOS = 56;
  static final int SETATTR_MTIME_NANOS = 60;
  static final int SETATTR_MODE = 68;
  static final int SETATTR_UID = 76;
  static final int SETATTR_GID = 80;

  // struct fuse_create_in, fuse_mknod_in, fuse_mkdir_in, fuse_link_in; names come behind them
  static final int CREATE_MODE = 4;
  static final int CREATE_OPEN_FLAGS = 12;
  static final int CREATE_NAME = 16;
  static final int MKNOD_MODE = 0;
  static final int MKNOD_DEVICE = 4;
  static final int MKNOD_NAME = 16;
  static final int MKDIR_MODE = 0;
  static final int MKDIR_NAME = 8;
  static final int LINK_NODE = 0;
  static final int LINK_NAME = 8;

  // struct fuse_getxattr_in, fuse_getxattr_out, the short fuse_setxattr_in
  static final int XATTR_SIZE = 0;
  static final int XATTR_FLAGS = 4;
  static final int XATTR_NAME = 8;
  static final int XATTR_OUT = 8;

  // struct fuse_forget_in, fuse_batch_forget_in, fuse_forget_one
  static final int FORGET_LOOKUPS = 0;
  static final int BATCH_COUNT = 0;
  static final int BATCH_FIRST = 8;
  static final int BATCH_LOOKUPS = 8;
  static final int BATCH_STEP = 16;

  // struct fuse_rename_in, fuse_rename2_in
  static final int RENAME_DIRECTORY = 0;
  static final int RENAME_NAME = 8;
  static final int RENAME2_FLAGS = 8;
  static final int RENAME2_NAME = 16;

  // struct fuse_interrupt_in
  static final int INTERRUPTED = 0;

  // struct fuse_dirent
  static final int DIRENT_INO = 0;
  static final int DIRENT_OFFSET = 8;
  static final int DIRENT_NAME_LENGTH = 16;
  static final int DIRENT_TYPE = 20;
  static final int DIRENT_NAME = 24;

  // struct fuse_kstatfs
  static final int STATFS_BLOCKS = 0;
  static final int STATFS_FREE = 8;
  static final int STATFS_AVAILABLE = 16;
  static final int STATFS_FILES = 24;
  static final int STATFS_FREE_FILES = 32;
  static final int STATFS_BLOCK_SIZE = 40;
  static final int STATFS_NAME_LENGTH = 44;
  static final int STATFS_FRAGMENT_SIZE = 48;
  static final int STATFS_OUT = 80;

  // struct fuse_notify_inval_entry_out, fuse_notify_inval_inode_out
  static final int INVAL_ENTRY_PARENT = 0;
  static final int INVAL_ENTRY_LENGTH = 8;
  static final int INVAL_ENTRY_NAME = 16;
  static final int INVAL_INODE_NODE = 0;
  static final int INVAL_INODE_OFFSET = 8;
  static final int INVAL_INODE_LENGTH = 16;
  static final int INVAL_INODE = 24;

  private Protocol() {}

  /** A length rounded up to the 8 bytes on which entries of directories begin. */
  static int aligned(int length) {
    return (length + 7) & ~7;
  }

  /** An operation's name, for the log. */
  static String name(int opcode) {
    return switch (opcode) {
      case LOOKUP -> "lookup";
      case GETATTR -> "getattr";
      case SETATTR -> "setattr";
      case READLINK -> "readlink";
      case SYMLINK -> "symlink";
      case MKNOD -> "mknod";
      case MKDIR -> "mkdir";
      case UNLINK -> "unlink";
      case RMDIR -> "rmdir";
      case RENAME, RENAME2 -> "rename";
      case LINK -> "link";
      case OPEN -> "open";
      case READ -> "read";
      case WRITE -> "write";
      case FSYNC, FSYNCDIR -> "fsync";
      case FLUSH -> "flush";
      case FALLOCATE -> "fallocate";
      case LSEEK -> "lseek";
      case CREATE -> "create";
      case TMPFILE -> "tmpfile";
      case RELEASE -> "release";
      case OPENDIR -> "opendir";
      case READDIR, READDIRPLUS -> "readdir";
      case RELEASEDIR -> "releasedir";
      case STATFS -> "statfs";
      case GETXATTR -> "getxattr";
      case LISTXATTR -> "listxattr";
      case SETXATTR -> "setxattr";
      case REMOVEXATTR -> "removexattr";
      default -> "operation " + opcode;
    };
  }
}
