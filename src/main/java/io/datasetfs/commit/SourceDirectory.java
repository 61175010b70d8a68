package io.datasetfs.commit;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import io.datasetfs.model.Utf8;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Looks at the local file system: what is there, as it is, without following links. */
final class SourceDirectory {
  private static final int TYPE_MASK = 0170000;
  private static final int TYPE_DIRECTORY = 0040000;
  private static final int TYPE_FILE = 0100000;
  private static final int TYPE_SYMLINK = 0120000;
  private static final int PERMISSIONS = 07777;
  private static final String ATTRIBUTES = "unix:mode,ino,dev,size,lastModifiedTime,ctime";

  /** File systems stamp changes with a clock that ticks every 1 to 10 ms; twice that is safe. */
  static final long TICK_MILLIS = 20;

  private SourceDirectory() {}

  /**
   * The names in a directory, in the order of their UTF-8 bytes.
   *
   * @throws FsException ILLEGAL_NAME for a name that is not UTF-8, naming it
   */
  static List<String> names(Path directory) throws FsException {
    List<byte[]> names = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      for (Path path : stream) {
        names.add(Utf8.encode(requireUtf8(path)));
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      throw changed(directory, e);
    } catch (DirectoryIteratorException e) {
      throw FsException.from(shown(directory), e.getCause());
    } catch (IOException e) {
      throw FsException.from(shown(directory), e);
    }
    names.sort(Comparator.comparing(n -> n, Utf8::compare));
    List<String> sorted = new ArrayList<>(names.size());
    for (byte[] name : names) {
      sorted.add(Utf8.decode(name));
    }
    return sorted;
  }

  private static String requireUtf8(Path path) throws FsException {
    String name = path.getFileName().toString();
    if (!survivesText(path.getFileName(), name)) {
      throw new FsException(
          FailureKind.ILLEGAL_NAME,
          "The file name '%s' in %s is not valid UTF-8 (rename it)"
              .formatted(escaped(path), shown(path.getParent())));
    }
    return name;
  }

  /** The last component with the bytes that are no letters as {@code %FF}. */
  private static String escaped(Path path) {
    String uri = path.toUri().getRawPath();
    // That of a directory ends in a slash.
    int end = uri.endsWith("/") ? uri.length() - 1 : uri.length();
    return uri.substring(uri.lastIndexOf('/', end - 1) + 1, end);
  }

  /**
   * The JDK decodes what is not UTF-8 to the replacement character, which may just as well be
   * meant. The path's bytes are to be had from its URI, behind those of the current directory and
   * before a slash if it leads to a directory.
   */
  private static boolean survivesText(Path path, String text) {
    if (text.indexOf('\uFFFD') < 0) {
      return true;
    }
    String uri = path.toUri().getRawPath().replace("+", "%2B");
    String bytes = URLDecoder.decode(uri, StandardCharsets.ISO_8859_1);
    String wanted = new String(Utf8.encode(text), StandardCharsets.ISO_8859_1);
    return bytes.endsWith(wanted) || bytes.endsWith(wanted + "/");
  }

  /**
   * Looks at one path, not following it if it is a link.
   *
   * @param name its name in the version
   */
  static SourceEntry look(Path path, String name) throws FsException {
    try {
      Map<String, Object> attributes =
          Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
      int mode = (Integer) attributes.get("mode");
      return new SourceEntry(
          path,
          name,
          kind(mode),
          mode & PERMISSIONS,
          (Long) attributes.get("size"),
          ((FileTime) attributes.get("lastModifiedTime")).toInstant(),
          ((FileTime) attributes.get("ctime")).toInstant(),
          (Long) attributes.get("ino"),
          (Long) attributes.get("dev"));
    } catch (NoSuchFileException e) {
      throw changed(path, e);
    } catch (IOException e) {
      throw FsException.from(shown(path), e);
    }
  }

  private static SourceEntry.Kind kind(int mode) {
    return switch (mode & TYPE_MASK) {
      case TYPE_FILE -> SourceEntry.Kind.FILE;
      case TYPE_DIRECTORY -> SourceEntry.Kind.DIRECTORY;
      case TYPE_SYMLINK -> SourceEntry.Kind.SYMLINK;
      default -> SourceEntry.Kind.SPECIAL;
    };
  }

  /** The target of a symbolic link. */
  static String target(Path link) throws FsException {
    try {
      Path target = Files.readSymbolicLink(link);
      String text = target.toString();
      if (!survivesText(target, text)) {
        throw new FsException(
            FailureKind.ILLEGAL_NAME,
            "The target of the symbolic link %s is not valid UTF-8 (replace it)"
                .formatted(shown(link)));
      }
      return text;
    } catch (NoSuchFileException | NotLinkException e) {
      throw changed(link, e);
    } catch (IOException e) {
      throw FsException.from(shown(link), e);
    }
  }

  /** Checks that an entry still is what it was. */
  static void requireUnchanged(SourceEntry seen) throws FsException {
    if (!look(seen.path(), seen.name()).equals(seen)) {
      throw changed(seen.path(), null);
    }
  }

  /**
   * Waits until a file that was changed a moment ago would show another change by its times.
   *
   * @throws FsException SOURCE_CHANGED when it changes meanwhile; INTERRUPTED
   */
  static void requireSettled(SourceEntry seen) throws FsException {
    long age = Duration.between(seen.ctime(), Instant.now()).toMillis();
    if (age < 0 || age >= TICK_MILLIS) {
      return;
    }
    try {
      Thread.sleep(TICK_MILLIS - age);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FsException(FailureKind.INTERRUPTED, "Interrupted", e);
    }
    requireUnchanged(seen);
  }

  static FsException changed(Path path, IOException cause) {
    return new FsException(
        FailureKind.SOURCE_CHANGED,
        "%s changed while it was read (try again when nothing writes to it)".formatted(shown(path)),
        cause);
  }

  static FsException special(SourceEntry entry) {
    return new FsException(
        FailureKind.SPECIAL_FILE,
        "%s is a socket, device or fifo, which a version cannot hold (remove it)"
            .formatted(shown(entry.path())));
  }

  static String shown(Path path) {
    return Names.printable(String.valueOf(path));
  }
}
