package io.datasetfs.commit;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether a file's change time tells that the file has changed. Where the file system doesn't keep
 * one, it shows something else in its place: images such as squashfs and iso9660, and vfat, what
 * the image's maker wished; those in user space what they like. Thread-safe.
 */
final class ChangeTimes {
  private static final Set<String> KEPT_BY =
      Set.of(
          "ext2",
          "ext3",
          "ext4",
          "xfs",
          "btrfs",
          "zfs",
          "f2fs",
          "bcachefs",
          "jfs",
          "nilfs2",
          "reiserfs",
          "tmpfs",
          "ramfs",
          "overlay",
          "nfs",
          "nfs4",
          "ceph",
          "lustre",
          "gpfs",
          "beegfs",
          "9p",
          "virtiofs");

  /** By device. */
  private final Map<Long, Boolean> kept = new ConcurrentHashMap<>();

  /** Whether the file system that holds the entry keeps change times. */
  boolean areKept(SourceEntry entry) {
    Boolean known = kept.get(entry.device());
    if (known == null) {
      known = ask(entry);
      kept.put(entry.device(), known);
    }
    return known;
  }

  private static boolean ask(SourceEntry entry) {
    try {
      return areKeptBy(Files.getFileStore(entry.path()).type());
    } catch (IOException e) {
      return false;
    }
  }

  static boolean areKeptBy(String fileSystem) {
    return KEPT_BY.contains(fileSystem);
  }
}
