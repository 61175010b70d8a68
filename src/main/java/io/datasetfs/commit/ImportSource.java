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
import java.time.Instant;
import java.util.ArrayList;
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
  private final List<Path> roots;
  private final SourceEntry root;

  /** {@code null} when the root is a directory of the source, whose entries may be very many. */
  private final List<SourceEntry> entries;

  private ImportSource(
      List<String> paths, List<Path> roots, SourceEntry root, List<SourceEntry> entries) {
    this.paths = List.copyOf(paths);
    this.roots = List.copyOf(roots);
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
    List<Path> roots = new ArrayList<>();
    for (String given : paths) {
      roots.add(require(given));
    }
    if (paths.size() == 1 && standsForContents(paths.get(0))) {
      return new ImportSource(paths, roots, requireDirectory(paths.get(0), roots.get(0)), null);
    }
    Map<byte[], SourceEntry> entries = new TreeMap<>(Comparator.comparing(n -> n, Utf8::compare));
    for (int i = 0; i < paths.size(); i++) {
      String given = paths.get(i);
      Path path = roots.get(i);
      if (standsForContents(given)) {
        requireDirectory(given, path);
        for (String name : SourceDirectory.names(path)) {
          merge(entries, SourceDirectory.look(path.resolve(name), name));
        }
      } else {
        merge(entries, SourceDirectory.look(path, nameOf(given)));
      }
    }
    SourceEntry root =
        new SourceEntry(null, "", SourceEntry.Kind.DIRECTORY, 0755, 0, clock.instant(), null, 0, 0);
    return new ImportSource(paths, roots, root, List.copyOf(entries.values()));
  }

  private static SourceEntry requireDirectory(String given, Path path) throws FsException {
    SourceEntry directory = SourceDirectory.look(path, nameOf(given));
    if (directory.kind() != SourceEntry.Kind.DIRECTORY) {
      throw new FsException(
          FailureKind.NOT_DIRECTORY,
          "The source path %s is not a directory (leave out the slash at its end)"
              .formatted(Names.printable(given)));
    }
    return directory;
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

  /** The paths as they were given, absolute and without symbolic links. */
  public List<Path> roots() {
    return roots;
  }

  /**
   * Shows everything to a visitor; what is directly in the root comes without a directory around
   * it.
   *
   * @throws FsException naming what cannot be stored, is unreadable, or changes meanwhile; what the
   *     visitor throws; INTERRUPTED
   */
  public void visit(SourceVisitor visitor) throws FsException {
    new SourceVisit(visitor).visitAll(listing());
  }

  /** Looks how much there is, and tells {@code progress} unless something is in the way. */
  public void measure(ImportProgress progress) {
    new SourceScan(this, progress).run();
  }

  /** The permission bits of the directory whose contents this is; 0755 when there is none such. */
  public int mode() {
    return root.mode();
  }

  /** When the directory whose contents this is was last modified; now when there is none such. */
  public Instant mtime() {
    return root.mtime();
  }

  /** Tells sources apart, and stays the same when what is in them changes. */
  String identity() {
    StringBuilder identity = new StringBuilder();
    for (int i = 0; i < roots.size(); i++) {
      identity.append(roots.get(i)).append(standsForContents(paths.get(i)) ? "/" : "").append('\0');
    }
    return identity.toString();
  }

  /** The directory that becomes the version's root; its path is {@code null} when it is made up. */
  SourceEntry root() {
    return root;
  }

  /** What is directly in the root, in order of names. */
  SourceListing listing() throws FsException {
    return entries != null ? SourceListing.of(entries) : SourceListing.read(root.path());
  }
}
