package io.datasetfs.store.local;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Makes a written file visible under a name that is not taken, in one step. A hard link does that
 * by itself; a file system without them gets a look and a rename under the key's lock.
 */
final class Publication {
  private static final int MAX_ATTEMPTS = 1000;

  private final Path root;
  private final KeyLocks locks;
  private final HardLink hardLink;
  private volatile boolean hardLinksWork = true;

  /** How a hard link is made: {@link Files#createLink}, or what a test puts in its place. */
  @FunctionalInterface
  interface HardLink {
    void create(Path link, Path existing) throws IOException;
  }

  Publication(Path root, KeyLocks locks, HardLink hardLink) {
    this.root = root;
    this.locks = locks;
    this.hardLink = hardLink;
  }

  /**
   * Publishes {@code written} as {@code target}, and makes the directories that are missing.
   *
   * @return whether it did; not when the target exists
   */
  boolean publish(String key, Path written, Path target) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        if (attempt > 1) {
          Directories.make(root, target.getParent());
        }
        return link(key, written, target);
      } catch (NoSuchFileException e) {
        // no directory yet, or one that somebody has removed as empty since the last attempt
        if (attempt == MAX_ATTEMPTS || Files.notExists(written) || Files.notExists(root)) {
          throw e;
        }
      }
    }
  }

  private boolean link(String key, Path written, Path target) throws IOException {
    if (hardLinksWork) {
      try {
        hardLink.create(target, written);
        return true;
      } catch (FileAlreadyExistsException e) {
        // a network file system repeats a call whose answer was lost, and meets its own work
        return isSameFile(written, target);
      } catch (UnsupportedOperationException e) {
        hardLinksWork = false;
      } catch (FileSystemException e) {
        if (!tellsOfNoHardLinks(e)) {
          throw e;
        }
        hardLinksWork = false;
      }
    }
    return locks.holding(key, () -> renameUnlessTaken(written, target));
  }

  private static boolean renameUnlessTaken(Path written, Path target) throws IOException {
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    rename(written, target);
    return true;
  }

  /** Renames in one step, over what is there. */
  static void rename(Path written, Path target) throws IOException {
    try {
      Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw new FileSystemException(
          target.toString(), null, "not on the same file system as " + written.getParent());
    }
  }

  private static boolean isSameFile(Path written, Path target) {
    try {
      return Files.isSameFile(written, target);
    } catch (IOException e) {
      return false;
    }
  }

  /** EPERM (FAT), EOPNOTSUPP (SMB) and ENOSYS (FUSE), as strerror writes them. */
  private static boolean tellsOfNoHardLinks(FileSystemException e) {
    String reason = String.valueOf(e.getReason());
    return reason.contains("Operation not permitted")
        || reason.contains("Operation not supported")
        || reason.contains("Function not implemented");
  }
}
