package io.datasetfs.store.local;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Making, syncing and removing the directories between a store's root and its objects. */
final class Directories {
  private Directories() {}

  /**
   * Makes a directory below {@code root} and those above it, but never the root itself.
   *
   * @throws NoSuchFileException when the root is missing, or when somebody removed a directory as
   *     empty meanwhile
   */
  static void make(Path root, Path directory) throws IOException {
    try {
      makeOne(directory);
    } catch (NoSuchFileException e) {
      Path parent = directory.getParent();
      if (parent.equals(root)) {
        throw e;
      }
      make(root, parent);
      makeOne(directory);
    }
  }

  private static void makeOne(Path directory) throws IOException {
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      if (Files.isDirectory(directory)) {
        return;
      }
      if (Files.notExists(directory, LinkOption.NOFOLLOW_LINKS)) {
        throw new NoSuchFileException(directory.toString()); // removed in between
      }
      throw new NotDirectoryException(directory.toString());
    }
  }

  /**
   * Makes the entries on the way from {@code root} down to what is in {@code directory} survive a
   * loss of power. All of the way each time: a directory further up may have been made by another
   * process that has not synced it yet. Clean directories cost little (50 us here).
   *
   * <p>An interrupt is kept for later: it must not make an outcome uncertain.
   */
  static void syncUpTo(Path root, Path directory) throws IOException {
    boolean interrupted = false;
    try {
      Path current = directory;
      while (true) {
        interrupted |= Thread.interrupted();
        try (FileChannel channel = FileChannel.open(current, StandardOpenOption.READ)) {
          channel.force(true);
        } catch (ClosedByInterruptException e) {
          continue;
        } catch (NoSuchFileException e) {
          // removed since by somebody who deleted what was in it
          if (current.equals(root)) {
            throw e;
          }
        }
        if (current.equals(root)) {
          return;
        }
        current = current.getParent();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Removes {@code directory} and those above it, below {@code root}, while they are empty.
   *
   * @return the lowest that is still there
   */
  static Path removeEmpty(Path root, Path directory) {
    Path current = directory;
    while (!current.equals(root)) {
      try {
        if (!Files.isDirectory(current, LinkOption.NOFOLLOW_LINKS)) {
          return current; // a symbolic link that the user has set up
        }
        Files.delete(current);
      } catch (NoSuchFileException e) {
        // somebody else did it
      } catch (IOException e) {
        return current;
      }
      current = current.getParent();
    }
    return current;
  }
}
