package io.datasetfs.cache;

import io.datasetfs.model.Digest;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Set;

/**
 * The files of a region: one a block, named by digest and length, in 256 directories by the
 * digest's first byte. A file appears whole, by being renamed; nothing is synced, since whatever a
 * loss of power leaves is verified before it is used. Thread-safe.
 */
final class BlockFiles {
  /** How many directories there are. */
  static final int DIRECTORIES = 256;

  private static final int DIGITS = 2 * Digest.LENGTH;
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path root;
  private final Path[] directories = new Path[DIRECTORIES];
  private final FileWriter writer = new FileWriter();

  BlockFiles(Path root) {
    this.root = root;
    for (int i = 0; i < DIRECTORIES; i++) {
      directories[i] = root.resolve("%02x".formatted(i));
    }
  }

  /** Takes what is found. */
  @FunctionalInterface
  interface Visitor {
    void visit(Digest digest, int length) throws IOException;
  }

  /** The number of the directory that a block belongs in. */
  static int directoryOf(Digest digest) {
    return (int) (digest.word(0) >>> (Long.SIZE - Byte.SIZE));
  }

  Path root() {
    return root;
  }

  Path directory(int number) {
    return directories[number];
  }

  Path path(Digest digest, int length) {
    return directories[directoryOf(digest)].resolve(digest + "-" + length);
  }

  /**
   * Writes a block's file.
   *
   * @param hurried whether more blocks wait than should
   */
  void write(Path temporary, Digest digest, byte[] raw, boolean hurried) throws IOException {
    boolean moved = false;
    try {
      writer.write(temporary, raw, hurried);
      move(temporary, path(digest, raw.length));
      moved = true;
    } finally {
      if (!moved) {
        Files.deleteIfExists(temporary);
      }
    }
  }

  private static void move(Path temporary, Path target) throws IOException {
    try {
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      makeDirectory(target.getParent());
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static void makeDirectory(Path directory) throws IOException {
    try {
      Files.createDirectory(directory, OWNER_ONLY);
    } catch (FileAlreadyExistsException e) {
      // another thread or process made it
      return;
    }
  }

  /** Removes a block's file; whether there was one. */
  boolean delete(Digest digest, int length) throws IOException {
    return Files.deleteIfExists(path(digest, length));
  }

  /**
   * Goes through the blocks in one directory by their names, which takes about a microsecond each.
   * Other files are passed over. A missing directory is an empty one, and so is a symbolic link:
   * what it leads to is not the cache's.
   */
  void list(int number, Visitor visitor) throws IOException {
    Path directory = directories[number];
    if (Files.isSymbolicLink(directory)) {
      return;
    }
    // A directory stream makes a path for each name, which takes three times as long.
    String[] names = directory.toFile().list();
    if (names == null && Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      names = directory.toFile().list(); // it may have been made in between
    }
    if (names == null) {
      requireMissing(directory);
      return;
    }
    for (String name : names) {
      int length = lengthIn(name);
      if (length > 0) {
        Digest digest = Digest.of(HexFormat.of().parseHex(name, 0, DIGITS));
        if (directoryOf(digest) == number) {
          visitor.visit(digest, length);
        }
      }
    }
  }

  private static void requireMissing(Path directory) throws IOException {
    if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("the directory can't be listed: " + directory);
    }
    if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new NotDirectoryException(directory.toString());
    }
  }

  /** The length that a file's name tells; 0 when it is no block's name. */
  private static int lengthIn(String name) {
    int digits = name.length() - DIGITS - 1;
    if (digits < 1 || digits > 9 || name.charAt(DIGITS) != '-' || name.charAt(DIGITS + 1) == '0') {
      return 0;
    }
    for (int i = 0; i < DIGITS; i++) {
      char c = name.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return 0;
      }
    }
    int length = 0;
    for (int i = DIGITS + 1; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c < '0' || c > '9') {
        return 0;
      }
      length = 10 * length + (c - '0');
    }
    return length;
  }

  /** The first of the directories that is a symbolic link; {@code null} when there is none. */
  Path findLink() {
    for (Path directory : directories) {
      if (Files.isSymbolicLink(directory)) {
        return directory;
      }
    }
    return null;
  }

  /** When the directory's list last changed, in milliseconds; 0 when there is none. */
  long changed(int number) {
    return new File(directories[number].toString()).lastModified();
  }
}
