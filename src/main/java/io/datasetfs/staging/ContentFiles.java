package io.datasetfs.staging;

import io.datasetfs.model.FsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where the bytes of an area's inodes are: {@code content/<xx>/<number>}. Numbers that were given
 * one after the other share a directory: file systems keep the inodes of a directory together, and
 * making files all over the disk took several times as long. Those of a base's entries are hashes.
 * Thread-safe.
 */
final class ContentFiles {
  private static final int FANOUT = 256;

  /** How many files in a row go to one directory. */
  private static final int TOGETHER = 1024;

  private final Path directory;

  ContentFiles(Path area) {
    this.directory = area.resolve("content");
  }

  /** Makes the directories, once in an area's life. */
  void create() throws FsException {
    try {
      for (int i = 0; i < FANOUT; i++) {
        Files.createDirectories(
            directory.resolve("%02x".formatted(i)),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
    } catch (IOException e) {
      throw FsException.from(directory.toString(), e);
    }
  }

  /** The content file of an inode. */
  Path file(long number) {
    boolean given = number < 1L << 62;
    return directory
        .resolve("%02x".formatted((int) ((given ? number / TOGETHER : number) & (FANOUT - 1))))
        .resolve(Long.toHexString(number));
  }

  /** Which pages of it were copied or written. */
  Path map(long number) {
    return suffixed(number, ".map");
  }

  /** Which of those are safe on the disk. */
  Path synced(long number) {
    return suffixed(number, ".synced");
  }

  private Path suffixed(long number, String suffix) {
    Path file = file(number);
    return file.resolveSibling(file.getFileName() + suffix);
  }

  boolean exists(long number) {
    return Files.exists(file(number));
  }

  /** Removes what there is of an inode's bytes. */
  void remove(Row row) throws FsException {
    if (!row.isFile()) {
      return;
    }
    try {
      Files.deleteIfExists(file(row.number()));
      if (row.base() != null) {
        Files.deleteIfExists(map(row.number()));
        Files.deleteIfExists(synced(row.number()));
      }
    } catch (IOException e) {
      throw FsException.from(file(row.number()).toString(), e);
    }
  }

  /** Makes the name of a new content file safe. */
  void syncName(long number) throws FsException {
    try (NativeFile parent = NativeFile.open(file(number).getParent(), NativeFile.READ)) {
      parent.sync(false);
    }
  }
}
