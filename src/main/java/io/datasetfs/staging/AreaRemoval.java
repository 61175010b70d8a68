package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * The removal of areas, and of drafts that never became one. An area is made beside its place and
 * moved there, and moved aside and deleted, by whoever has its {@link AreaLock}; what is beside and
 * locked by nobody was left by a process that is gone.
 */
final class AreaRemoval {
  private static final System.Logger LOG = System.getLogger(AreaRemoval.class.getName());

  private static final String DRAFT = ".new";
  private static final String GONE = ".gone";

  private AreaRemoval() {}

  /** Where an area is made. */
  static Path draft(Path area) {
    return area.resolveSibling(area.getFileName() + DRAFT);
  }

  /**
   * Removes an area that the caller has locked. Once it has been moved aside it is gone; what then
   * cannot be deleted is left to be swept.
   */
  static void remove(Path area) throws FsException {
    Path gone = area.resolveSibling(area.getFileName() + GONE);
    try {
      Files.move(area, gone, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw FsException.from(area.toString(), e);
    }
    deleteOrLeave(gone);
  }

  /** Deletes a dataset's directory with its last area. Who makes another one makes it again. */
  static void deleteIfEmpty(Path dataset) {
    try {
      Files.deleteIfExists(dataset);
    } catch (DirectoryNotEmptyException e) {
      LOG.log(Level.DEBUG, "{0} has other areas", dataset);
    } catch (IOException e) {
      left(dataset, FsException.from(dataset.toString(), e));
    }
  }

  /** Deletes the drafts and the remains in a dataset's directory that are nobody's. */
  static void sweep(Path dataset) throws FsException {
    for (Path path : Entries.of(dataset)) {
      String name = path.getFileName().toString();
      if (name.endsWith(DRAFT) || name.endsWith(GONE)) {
        deleteUnowned(path);
      }
    }
  }

  private static void deleteUnowned(Path path) {
    Optional<AreaLock> lock;
    try {
      lock = AreaLock.tryTake(path);
    } catch (FsException e) {
      if (e.kind() != FailureKind.NOT_FOUND) {
        left(path, e);
      }
      return; // else somebody has just deleted it
    }
    if (lock.isPresent()) {
      AreaLock mine = lock.get();
      try (mine) {
        deleteOrLeave(path);
      }
    }
  }

  /** Deletes a directory that the caller has locked, as far as that is possible. */
  static void deleteOrLeave(Path top) {
    try {
      Files.walkFileTree(top, new Deletion(top));
    } catch (IOException e) {
      left(top, FsException.from(top.toString(), e));
    }
  }

  private static void left(Path path, FsException why) {
    LOG.log(Level.WARNING, "{0} is left until the next removal: {1}", path, why.getMessage());
  }

  /** Deletes everything, the lock last. What is gone already is as good. */
  private static final class Deletion extends SimpleFileVisitor<Path> {
    private final Path top;
    private final Path lock;

    Deletion(Path top) {
      this.top = top;
      this.lock = top.resolve(AreaLock.FILE);
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (!file.equals(lock)) {
        Files.deleteIfExists(file);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      if (directory.equals(top)) {
        Files.deleteIfExists(lock);
      }
      Files.deleteIfExists(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
