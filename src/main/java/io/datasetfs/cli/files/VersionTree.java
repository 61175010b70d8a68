package io.datasetfs.cli.files;

import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.cli.Services;
import io.datasetfs.cli.VersionReader;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import io.datasetfs.model.TreeEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A version's tree and the paths in it. Symbolic links are entries like others, never followed. */
final class VersionTree implements AutoCloseable {
  private final ResolvedVersion version;
  private final VersionReader reader;

  private VersionTree(ResolvedVersion version, VersionReader reader) {
    this.version = version;
    this.reader = reader;
  }

  static VersionTree open(Services services, ResolvedVersion version) throws FsException {
    VersionReader reader =
        services.readers().open(version.dataset(), services.catalog().store(version.dataset()));
    return new VersionTree(version, reader);
  }

  /** Reads the tree's directories and files. */
  VersionReader reader() {
    return reader;
  }

  /**
   * The entry at a path. The path begins at the root with or without a slash; {@code .} and {@code
   * ..} count as they are written.
   *
   * @throws FsException NOT_FOUND, NOT_DIRECTORY
   */
  TreeEntry require(String path) throws FsException {
    TreeEntry entry = version.version().tree();
    for (String name : names(path)) {
      if (!(entry instanceof TreeEntry.Directory directory)) {
        throw failure(FailureKind.NOT_DIRECTORY, "Not a directory: '%s' in %s", path);
      }
      Optional<TreeEntry> next = reader.find(directory, name);
      if (next.isEmpty()) {
        throw failure(FailureKind.NOT_FOUND, "Not found: '%s' in %s", path);
      }
      entry = next.get();
    }
    if (path.endsWith("/") && !(entry instanceof TreeEntry.Directory)) {
      throw failure(FailureKind.NOT_DIRECTORY, "Not a directory: '%s' in %s", path);
    }
    return entry;
  }

  private FsException failure(FailureKind kind, String format, String path) {
    return new FsException(kind, format.formatted(Names.printable(path), version.reference()));
  }

  private static List<String> names(String path) {
    List<String> names = new ArrayList<>();
    for (String name : path.split("/", -1)) {
      if (name.equals("..")) {
        if (!names.isEmpty()) {
          names.remove(names.size() - 1);
        }
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
    }
    return names;
  }

  @Override
  public void close() {
    reader.close();
  }
}
