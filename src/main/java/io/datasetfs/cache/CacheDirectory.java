package io.datasetfs.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The directory of a disk cache:
 *
 * <pre>
 *   CACHEDIR.TAG       tells backups to pass it over
 *   format             "dsfs cache 1"
 *   data/ab/ab..-1048576   blocks of files' content, by digest and length
 *   pages/ab/ab..-4711     tree pages
 *   data.index, pages.index   when blocks were last used; hints
 *   tmp/               what is being written
 * </pre>
 *
 * It must belong to the user and be closed to others' writes: digests keep content from being
 * changed, not from being read, and not from being removed.
 */
public final class CacheDirectory {
  private static final int VERSION = 1;
  private static final Pattern FORMAT = Pattern.compile("dsfs cache ([0-9]{1,9})\n");
  private static final String FORMAT_FILE = "format";
  private static final String TAG_FILE = "CACHEDIR.TAG";
  private static final String TAG =
      """
      Signature: 8a477f597d28d172789f06886806bc55
      # This directory holds what DatasetFS keeps of its storage providers' data.
      # Everything in it can be fetched again. See https://bford.info/cachedir/
      """;
  private static final String TEMPORARY = "tmp";
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");
  private static final Path SELF = Path.of("/proc/self");

  private final Path root;
  private final BlockFiles data;
  private final BlockFiles pages;

  /**
   * @param root the directory
   */
  public CacheDirectory(Path root) {
    this.root = root.toAbsolutePath().normalize();
    this.data = new BlockFiles(this.root.resolve("data"));
    this.pages = new BlockFiles(this.root.resolve("pages"));
  }

  /** The directory. */
  public Path root() {
    return root;
  }

  BlockFiles data() {
    return data;
  }

  BlockFiles pages() {
    return pages;
  }

  Path temporary() {
    return root.resolve(TEMPORARY);
  }

  /** Where a region's snapshot is kept. */
  Path snapshot(BlockFiles region) {
    return root.resolve(region.root().getFileName() + ".index");
  }

  /** Tells those who use the cache that much of it has gone. */
  void sayChanged() throws IOException {
    Files.setLastModifiedTime(root.resolve(FORMAT_FILE), FileTime.from(Instant.now()));
  }

  /** When that was last told, in milliseconds; 0 when the cache is not there. */
  long toldChanged() {
    return root.resolve(FORMAT_FILE).toFile().lastModified();
  }

  /**
   * Makes what is missing and checks what is there.
   *
   * @throws FsException when it cannot be used, with the reason: INVALID, NEWER_FORMAT,
   *     ACCESS_DENIED, READ_ONLY, NO_SPACE, IO
   */
  public void prepare() throws FsException {
    try {
      if (!Files.isDirectory(root)) {
        Path parent = root.getParent();
        if (parent != null) {
          Files.createDirectories(parent);
        }
        makePrivate(root);
      }
      requireOwn(root);
      if (!isMarked()) {
        requireNothingForeign();
        mark();
      }
      for (Path directory : List.of(data.root(), pages.root(), temporary())) {
        makePrivate(directory);
        requireOwn(directory);
      }
      requireNoLink(data);
      requireNoLink(pages);
    } catch (IOException e) {
      throw FsException.from("The cache directory " + shown(), e);
    }
  }

  /**
   * Checks that this is a cache that may be looked at and cleared.
   *
   * @return whether there is one; not when the directory is missing or empty
   * @throws FsException INVALID when it is something else or somebody else's, NEWER_FORMAT
   */
  public boolean find() throws FsException {
    try {
      if (Files.notExists(root, LinkOption.NOFOLLOW_LINKS)) {
        return false;
      }
      if (!Files.isDirectory(root)) {
        throw unfit("is no directory (choose another with --cache-dir)");
      }
      if (!isMarked()) {
        requireNothingForeign();
        return false;
      }
      requireOwn(root);
      for (BlockFiles region : List.of(data, pages)) {
        if (Files.exists(region.root(), LinkOption.NOFOLLOW_LINKS)) {
          requireOwn(region.root());
        }
      }
      return true;
    } catch (IOException e) {
      throw FsException.from("The cache directory " + shown(), e);
    }
  }

  private String shown() {
    return Names.printable(root.toString());
  }

  private FsException unfit(String why) {
    return new FsException(
        FailureKind.INVALID, "The cache directory %s %s".formatted(shown(), why));
  }

  private static void makePrivate(Path directory) throws IOException {
    try {
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    } catch (FileAlreadyExistsException e) {
      // requireOwn looks at it
      return;
    }
  }

  /** Only the root may be a symbolic link: somebody chose it. */
  private void requireOwn(Path directory) throws IOException {
    LinkOption[] links =
        directory.equals(root) ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
    if (!Files.isDirectory(directory, links)) {
      throw unfit(
          "is unfit: %s is no directory (remove that)"
              .formatted(directory.equals(root) ? "it" : directory.getFileName()));
    }
    if (!Files.getAttribute(directory, "unix:uid", links)
        .equals(Files.getAttribute(SELF, "unix:uid"))) {
      throw unfit("belongs to another user (choose another with --cache-dir)");
    }
    Set<PosixFilePermission> allowed = Files.getPosixFilePermissions(directory, links);
    if (allowed.contains(PosixFilePermission.GROUP_WRITE)
        || allowed.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw unfit("can be written by others (chmod go-w, or choose another with --cache-dir)");
    }
    if (!directory.equals(root) && !allowed.equals(OWNER_ONLY)) {
      Files.setPosixFilePermissions(directory, OWNER_ONLY);
    }
  }

  private void requireNoLink(BlockFiles region) throws FsException {
    Path link = region.findLink();
    if (link != null) {
      throw unfit("is unfit: %s is a symbolic link (remove that)".formatted(root.relativize(link)));
    }
  }

  private boolean isMarked() throws IOException {
    String text;
    try {
      text = Files.readString(root.resolve(FORMAT_FILE));
    } catch (NoSuchFileException e) {
      return false;
    }
    Matcher form = FORMAT.matcher(text);
    if (!form.matches()) {
      throw unfit("is no cache of dsfs (choose another with --cache-dir)");
    }
    int version = Integer.parseInt(form.group(1));
    if (version > VERSION) {
      throw new FsException(
          FailureKind.NEWER_FORMAT,
          "The cache directory %s has format %d, this release knows %d (choose another with --cache-dir)"
              .formatted(shown(), version, VERSION));
    }
    return true;
  }

  /** A directory with anything in it that is not a cache's is somebody's. */
  private void requireNothingForeign() throws IOException {
    Set<String> known = Set.of(TAG_FILE, FORMAT_FILE, TEMPORARY, "data", "pages", "lost+found");
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (!known.contains(name) && !name.startsWith(FORMAT_FILE + ".")) {
          throw unfit(
              "holds other files and is no cache of dsfs (choose another with --cache-dir)");
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private void mark() throws IOException {
    Files.writeString(root.resolve(TAG_FILE), TAG, UTF_8);
    Path format = Files.createTempFile(root, FORMAT_FILE + ".", "");
    Files.writeString(format, "dsfs cache %d\n".formatted(VERSION), UTF_8);
    Files.move(format, root.resolve(FORMAT_FILE), StandardCopyOption.ATOMIC_MOVE);
  }
}
