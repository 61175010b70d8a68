package io.datasetfs.commit;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import io.datasetfs.model.Utf8;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an import takes, from the paths that the user gave: {@code dir/} stands for the directory's
 * contents, {@code dir} and {@code file} keep their names, as with rsync. A given path that is a
 * symbolic link is followed; links below it are taken as links.
 */
public final class ImportSource {
  private final List<String> paths;
  private final String identity;
  private final SourceEntry root;
  private final Map<byte[], SourceEntry> entries;

  private ImportSource(
      List<String> paths, String identity, SourceEntry root, Map<byte[], SourceEntry> entries) {
    this.paths = paths;
    this.identity = identity;
    this.root = root;
    this.entries = entries;
  }

  /**
   * Looks at the paths.
   *
   * @param paths at least one, as given
   * @param clock dates the root directory when it is made up of several paths
   * @throws FsException NOT_FOUND {@code Source path not found: P}; EXISTS when two of them bring
   *     the same name; others as reading them gives
   */
  public static ImportSource of(List<String> paths, Clock clock) throws FsException {
    Map<byte[], SourceEntry> entries = new TreeMap<>(Comparator.comparing(n -> n, Utf8::compare));
    StringBuilder identity = new StringBuilder();
    SourceEntry only = null;
    for (String given : paths) {
      Path path = require(given);
      String suffix = standsForContents(given) ? "/" : "";
      identity.append(path).append(suffix).append('\0');
      SourceEntry top = SourceDirectory.look(path, nameOf(given));
      if (!standsForContents(given)) {
        merge(entries, top);
        continue;
      }
      if (top.kind() != SourceEntry.Kind.DIRECTORY) {
        throw new FsException(
            FailureKind.NOT_DIRECTORY,
            "The source path %s is not a directory (leave out the slash at its end)"
                .formatted(given));
      }
      only = paths.size() == 1 ? top : null;
      for (String name : SourceDirectory.names(path)) {
        merge(entries, SourceDirectory.look(path.resolve(name), name));
      }
    }
    SourceEntry root = only;
    if (root == null) {
      root =
          new SourceEntry(
              null, "", SourceEntry.Kind.DIRECTORY, 0755, 0, clock.instant(), null, 0, 0);
    }
    return new ImportSource(List.copyOf(paths), identity.toString(), root, entries);
  }

  /** The path without links, so that nothing on the way to the source is followed twice. */
  private static Path require(String given) throws FsException {
    try {
      if (!given.isEmpty()) {
        return Path.of(given).toRealPath();
      }
    } catch (NoSuchFileException | InvalidPathException e) {
      throw notFound(given, e);
    } catch (IOException e) {
      throw FsException.from(Names.printable(given), e);
    }
    throw notFound(given, null);
  }

  private static FsException notFound(String given, Exception cause) {
    return new FsException(
        FailureKind.NOT_FOUND, "Source path not found: " + Names.printable(given), cause);
  }

  private static boolean standsForContents(String given) {
    return given.endsWith("/")
        || given.equals(".")
        || given.equals("..")
        || given.endsWith("/.")
        || given.endsWith("/..");
  }

  private static String nameOf(String given) {
    Path name = Path.of(given).toAbsolutePath().normalize().getFileName();
    return name == null ? "" : name.toString();
  }

  private static void merge(Map<byte[], SourceEntry> entries, SourceEntry entry)
      throws FsException {
    SourceEntry other = entries.putIfAbsent(Utf8.encode(entry.name()), entry);
    if (other != null) {
      throw new FsException(
          FailureKind.EXISTS,
          "%s and %s would have the same name in the version (import one of them from elsewhere)"
              .formatted(SourceDirectory.shown(other.path()), SourceDirectory.shown(entry.path())));
    }
  }

  /** The paths as they were given. */
  public List<String> paths() {
    return paths;
  }

  /** Tells sources apart, and stays the same when what is in them changes. */
  String identity() {
    return identity;
  }

  /** The directory that becomes the version's root; its path is {@code null} when it is made up. */
  SourceEntry root() {
    return root;
  }

  /** What is directly in the root, in order of names. */
  List<SourceEntry> entries() {
    return List.copyOf(entries.values());
  }
}
