package io.datasetfs.store.local;

import io.datasetfs.store.ObjectKey;
import io.datasetfs.store.ObjectStat;
import io.datasetfs.store.ObjectVisitor;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;

/**
 * Listings of the files below a root as objects. Symbolic links are followed, as reads follow them.
 * Files that no key can name, put there by others, are passed over.
 */
final class ObjectListing {
  private final Path root;

  ObjectListing(Path root) {
    this.root = root;
  }

  /** Visits each object whose key begins with {@code prefix}. */
  void list(String prefix, ObjectVisitor visitor) throws IOException {
    Path start = root.resolve(prefix);
    Files.walkFileTree(
        start, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, walk(start, visitor));
  }

  /** The directories directly at {@code prefix} that hold objects, sorted. */
  List<String> segments(String prefix) throws IOException {
    List<String> segments = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(root.resolve(prefix))) {
      for (Path child : children) {
        String name = child.getFileName().toString();
        if (ObjectKey.isValid(prefix + name)
            && Files.isDirectory(child)
            && holdsObject(prefix + name + "/")) {
          segments.add(name);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    Collections.sort(segments);
    return List.copyOf(segments);
  }

  /** A deletion, or a crash before the first write, leaves empty directories: they don't count. */
  private boolean holdsObject(String prefix) throws IOException {
    Path start = root.resolve(prefix);
    boolean[] found = new boolean[1];
    Files.walkFileTree(
        start,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        Integer.MAX_VALUE,
        new ObjectWalk(start) {
          @Override
          FileVisitResult visitObject(String key, BasicFileAttributes attributes) {
            found[0] = true;
            return FileVisitResult.TERMINATE;
          }
        });
    return found[0];
  }

  private ObjectWalk walk(Path start, ObjectVisitor visitor) {
    return new ObjectWalk(start) {
      @Override
      FileVisitResult visitObject(String key, BasicFileAttributes attributes) throws IOException {
        visitor.visit(new ObjectStat(key, attributes.size(), ""));
        return FileVisitResult.CONTINUE;
      }
    };
  }

  private abstract class ObjectWalk extends SimpleFileVisitor<Path> {
    private final Path start;

    ObjectWalk(Path start) {
      this.start = start;
    }

    abstract FileVisitResult visitObject(String key, BasicFileAttributes attributes)
        throws IOException;

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      return directory.equals(start) || ObjectKey.isValid(keyOf(directory))
          ? FileVisitResult.CONTINUE
          : FileVisitResult.SKIP_SUBTREE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      String key = keyOf(file);
      return attributes.isRegularFile() && !file.equals(start) && ObjectKey.isValid(key)
          ? visitObject(key, attributes)
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      boolean passedOver =
          failure instanceof NoSuchFileException // gone since, or never there
              || failure instanceof FileSystemLoopException
              || (!file.equals(start) && !ObjectKey.isValid(keyOf(file)));
      if (!passedOver) {
        throw failure;
      }
      return FileVisitResult.CONTINUE;
    }

    private String keyOf(Path file) {
      return root.relativize(file).toString();
    }
  }
}
