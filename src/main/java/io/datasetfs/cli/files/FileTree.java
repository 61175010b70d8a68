package io.datasetfs.cli.files;

import io.datasetfs.cli.VersionReader.ContentSink;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A version's tree and the paths in it. Symbolic links are entries like others, never followed. */
abstract class FileTree implements AutoCloseable {
  private final String reference;

  /**
   * @param reference how users name the version
   */
  FileTree(String reference) {
    this.reference = reference;
  }

  /** Takes the entries of a directory. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Takes one entry.
     *
     * @throws FsException to end the listing
     */
    void visit(FileEntry entry) throws FsException;
  }

  /** How users name the version. */
  final String reference() {
    return reference;
  }

  /** The version's root directory. */
  abstract FileEntry root() throws FsException;

  /** The entry of a directory with a name, or nothing. */
  abstract Optional<FileEntry> find(FileEntry directory, String name) throws FsException;

  /** Hands over a directory's entries in the order of their names. */
  abstract void list(FileEntry directory, Visitor visitor) throws FsException;

  /**
   * Hands over a file's content from its first byte to its last.
   *
   * @throws IOException what the sink throws, or an {@link FsException} when it can't be read
   */
  abstract void copy(FileEntry file, ContentSink sink) throws IOException;

  /** How many bytes the files in and below an entry have. */
  long bytes(FileEntry entry) throws FsException {
    if (!entry.isDirectory()) {
      return entry.size();
    }
    long[] sum = new long[1];
    list(entry, below -> sum[0] += bytes(below));
    return sum[0];
  }

  /**
   * The entry at a path. The path begins at the root with or without a slash; {@code .} and {@code
   * ..} count as they are written.
   *
   * @throws FsException NOT_FOUND, NOT_DIRECTORY; INVALID for an empty path and for one that leaves
   *     the version
   */
  final FileEntry require(String path) throws FsException {
    FileEntry entry = root();
    for (String name : names(path)) {
      if (!entry.isDirectory()) {
        throw notDirectory(path);
      }
      Optional<FileEntry> next = find(entry, name);
      if (next.isEmpty()) {
        throw failure(FailureKind.NOT_FOUND, "Not found: '%s' in %s", path);
      }
      entry = next.get();
    }
    if (path.endsWith("/") && !entry.isDirectory()) {
      throw notDirectory(path);
    }
    return entry;
  }

  final FsException notDirectory(String path) {
    return failure(FailureKind.NOT_DIRECTORY, "Not a directory: '%s' in %s", path);
  }

  private FsException failure(FailureKind kind, String format, String path) {
    return new FsException(kind, format.formatted(Names.printable(path), reference));
  }

  /**
   * The names on the way from the root to a path.
   *
   * @throws FsException INVALID for an empty path and for one that leaves the version
   */
  static List<String> names(String path) throws FsException {
    if (path.isEmpty()) {
      throw new FsException(FailureKind.INVALID, "An empty path names nothing (use / for all)");
    }
    List<String> names = new ArrayList<>();
    for (String name : path.split("/", -1)) {
      if (name.equals("..")) {
        if (names.isEmpty()) {
          throw invalid(path, "leaves the version");
        }
        names.remove(names.size() - 1);
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
    }
    return names;
  }

  /**
   * The same, of a path whose end is to be changed: a {@code ..} that a script did not expect would
   * change far more than was meant.
   *
   * @throws FsException INVALID for an empty path and for one with {@code ..} in it
   */
  static List<String> plainNames(String path) throws FsException {
    if (Arrays.asList(path.split("/", -1)).contains("..")) {
      throw invalid(path, "has '..' in it");
    }
    return names(path);
  }

  private static FsException invalid(String path, String why) {
    return new FsException(
        FailureKind.INVALID,
        "The path '%s' %s (name it from the version's top)".formatted(Names.printable(path), why));
  }

  @Override
  public abstract void close() throws FsException;
}
