package io.datasetfs.cli.files;

import io.datasetfs.cli.Progress;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import io.datasetfs.model.TemporaryName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Writes entries of a version into a directory of this machine. A file or link is made under a
 * temporary name beside its place and renamed, so that nothing half written is ever found there.
 *
 * <p>The version may come from somebody hostile. Below the target no symbolic link is followed:
 * where a directory is needed, a link is replaced by one, and a directory is never replaced by a
 * link. Names that could lead elsewhere are refused. The set-user-id and set-group-id bits of files
 * are not restored, since the files now belong to another user.
 */
final class Download {
  private static final int FILE_MODE = 01777;
  private static final int DIRECTORY_MODE = 07777;

  private final FileTree tree;
  private final Progress progress;
  private final RandomGenerator random;
  private long files;

  Download(FileTree tree, Progress progress, RandomGenerator random) {
    this.tree = tree;
    this.progress = progress;
    this.random = random;
  }

  /** The number of files and links written so far. */
  long files() {
    return files;
  }

  /** Makes the target directory when it is missing; links on the way to it are the user's own. */
  void base(Path target) throws FsException {
    try {
      Files.createDirectories(target);
    } catch (IOException e) {
      throw FsException.from(target.toString(), e);
    }
  }

  /** Writes what a directory of the version holds into {@code target}. */
  void contents(FileEntry directory, Path target) throws FsException {
    boolean fresh = !Files.exists(target);
    base(target);
    tree.list(directory, entry -> entry(entry, child(target, entry.name())));
    if (fresh) {
      complete(directory, target);
    }
  }

  /** Writes an entry to a place whose parent is there. */
  void entry(FileEntry entry, Path place) throws FsException {
    checkInterrupted();
    switch (entry.kind()) {
      case DIRECTORY -> {
        enter(place);
        tree.list(entry, below -> entry(below, child(place, below.name())));
        complete(entry, place);
      }
      case SYMLINK -> link(entry, place);
      case FILE -> file(entry, place);
      case SPECIAL ->
          throw new FsException(
              FailureKind.SPECIAL_FILE,
              "%s: it is a socket, device or fifo in the version, which can't be downloaded"
                  .formatted(place));
    }
  }

  private static void checkInterrupted() throws FsException {
    if (Thread.currentThread().isInterrupted()) {
      throw new FsException(FailureKind.INTERRUPTED, "interrupted");
    }
  }

  /**
   * The place of a name in a directory.
   *
   * @throws FsException CORRUPT when the name leads elsewhere; ILLEGAL_NAME when this process's
   *     locale has no such name
   */
  static Path child(Path directory, String name) throws FsException {
    boolean leadsElsewhere =
        name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0;
    if (leadsElsewhere) {
      throw new FsException(
          FailureKind.CORRUPT,
          "The version holds a file called '%s', which can't be written"
              .formatted(Names.printable(name)));
    }
    try {
      return directory.resolve(name);
    } catch (InvalidPathException e) {
      throw new FsException(
          FailureKind.ILLEGAL_NAME,
          "%s/%s: the name does not exist in this locale (use a UTF-8 locale)"
              .formatted(directory, Names.printable(name)),
          e);
    }
  }

  private void enter(Path place) throws FsException {
    try {
      BasicFileAttributes there = find(place);
      if (there != null && !there.isDirectory()) {
        Files.delete(place);
        there = null;
      }
      if (there == null) {
        Files.createDirectory(place);
        return;
      }
      // An earlier download may have left it read-only, as it is in the version.
      Set<PosixFilePermission> needed =
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE);
      Set<PosixFilePermission> now =
          Files.getPosixFilePermissions(place, LinkOption.NOFOLLOW_LINKS);
      if (!now.containsAll(needed)) {
        needed.addAll(now);
        Files.setPosixFilePermissions(place, needed);
      }
    } catch (IOException e) {
      throw FsException.from(place.toString(), e);
    }
  }

  private static BasicFileAttributes find(Path place) throws IOException {
    try {
      return Files.readAttributes(place, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private void complete(FileEntry directory, Path place) throws FsException {
    try {
      attributes(directory, place, DIRECTORY_MODE);
    } catch (IOException e) {
      throw FsException.from(place.toString(), e);
    }
  }

  private void file(FileEntry file, Path place) throws FsException {
    Path temporary = temporary(place);
    try {
      try (FileSink sink = FileSink.create(temporary, progress)) {
        tree.copy(file, sink);
        sink.finish(file.size(), place);
      }
      attributes(file, temporary, FILE_MODE);
      Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE);
      files++;
    } catch (IOException e) {
      throw FsException.from(place.toString(), e);
    } finally {
      discard(temporary);
    }
  }

  private void link(FileEntry link, Path place) throws FsException {
    Path temporary = temporary(place);
    try {
      Files.createSymbolicLink(temporary, Path.of(link.target().orElseThrow()));
      time(link, temporary);
      Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE);
      files++;
    } catch (IOException e) {
      throw FsException.from(place.toString(), e);
    } catch (InvalidPathException e) {
      throw new FsException(
          FailureKind.ILLEGAL_NAME,
          place + ": the link's target does not exist in this locale (use a UTF-8 locale)",
          e);
    } finally {
      discard(temporary);
    }
  }

  private Path temporary(Path place) {
    return place.resolveSibling(TemporaryName.draw(random));
  }

  /** After a rename there is nothing left to discard. */
  private static void discard(Path temporary) throws FsException {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      throw FsException.from(temporary.toString(), e);
    }
  }

  /** The time comes first: the mode may take away the right to set it. */
  private static void attributes(FileEntry entry, Path place, int mask) throws IOException {
    time(entry, place);
    Files.setAttribute(place, "unix:mode", entry.mode() & mask, LinkOption.NOFOLLOW_LINKS);
  }

  private static void time(FileEntry entry, Path place) throws IOException {
    time(entry.mtime(), place);
  }

  /** Gives what is at a place, be it a link, its time of modification. */
  static void time(Instant mtime, Path place) throws IOException {
    // The JDK can't set a time before 1970 that has a fraction, and sets 1970 instead.
    FileTime time =
        FileTime.from(
            mtime.getEpochSecond() < 0 ? Instant.ofEpochSecond(mtime.getEpochSecond()) : mtime);
    Files.getFileAttributeView(place, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setTimes(time, null, null);
  }
}
