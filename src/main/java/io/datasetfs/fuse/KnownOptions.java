package io.datasetfs.fuse;

import java.util.Set;

/** What becomes of the {@code -o} options that have no field of their own. */
final class KnownOptions {
  /** What becomes of an option. */
  enum Fate {
    PASSED,
    PASSED_WITH_NUMBER,
    IGNORED,
    REFUSED,
    UNKNOWN
  }

  private static final Set<String> FLAGS =
      Set.of(
          "suid",
          "nosuid",
          "dev",
          "nodev",
          "exec",
          "noexec",
          "atime",
          "noatime",
          "sync",
          "async",
          "dirsync",
          "sync_read",
          "async_read");

  private static final Set<String> NUMBERS =
      Set.of("max_read", "max_readahead", "max_background", "congestion_threshold");

  // what fstab and systemd add for their own use, and what is so anyway
  private static final Set<String> IGNORED =
      Set.of(
          "defaults",
          "auto",
          "noauto",
          "user",
          "nouser",
          "users",
          "owner",
          "group",
          "nofail",
          "_netdev",
          "default_permissions",
          "big_writes",
          "relatime");

  // these change which inode numbers, names, pages or owners the kernel sees, or how long
  private static final Set<String> REFUSED =
      Set.of(
          "subtype",
          "use_ino",
          "readdir_ino",
          "entry_timeout",
          "attr_timeout",
          "ac_attr_timeout",
          "negative_timeout",
          "kernel_cache",
          "auto_cache",
          "noauto_cache",
          "direct_io",
          "hard_remove",
          "noforget",
          "remember",
          "nopath",
          "intr",
          "intr_signal",
          "modules",
          "subdir",
          "iconv",
          "from_code",
          "to_code",
          "blkdev",
          "blksize",
          "fd",
          "rootmode",
          "user_id",
          "group_id",
          "allow_root",
          "auto_unmount",
          "atomic_o_trunc",
          "large_read",
          "max_write");

  private KnownOptions() {}

  /** What becomes of the option of this name. */
  static Fate fate(String name) {
    if (FLAGS.contains(name)) {
      return Fate.PASSED;
    }
    if (NUMBERS.contains(name)) {
      return Fate.PASSED_WITH_NUMBER;
    }
    if (IGNORED.contains(name) || name.startsWith("x-") || name.equals("comment")) {
      return Fate.IGNORED;
    }
    return REFUSED.contains(name) ? Fate.REFUSED : Fate.UNKNOWN;
  }
}
