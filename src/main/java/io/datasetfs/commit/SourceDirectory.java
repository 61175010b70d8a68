package io.datasetfs.commit;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import io.datasetfs.model.Utf8;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
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
    } catch (NoSuchFileException e) {
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
      String raw = path.toUri().getRawPath();
      throw new FsException(
          FailureKind.ILLEGAL_NAME,
          "The file name '%s' in %s is not valid UTF-8 (rename it)"
              .formatted(raw.substring(raw.lastIndexOf('/') + 1), shown(path.getParent())));
    }
    return name;
  }

  /**
   * The JDK decodes what is not UTF-8 to the replacement character, but compares paths by their
   * bytes.
   */
  private static boolean survivesText(Path path, String text) {
    return text.indexOf('\uFFFD') < 0 || path.equals(path.getFileSystem().getPath(text));
  }

  /**
   * Looks at one path, not following it if it is a link.
   *
   * @param name its name in the version
   */
  static SourceEntry look(Path path, String name) throws FsException {
    return look(path, name, LinkOption.NOFOLLOW_LINKS);
  }

  /** Looks at what a path that the user gave leads to. */
  static SourceEntry lookThrough(Path path, String name) throws FsException {
    return look(path, name);
  }

  private static SourceEntry look(Path path, String name, LinkOption... options)
      throws FsException {
    try {
      Map<String, Object> attributes =
          Files.readAttributes(path, "unix:mode,ino,dev,size,lastModifiedTime,ctime", options);
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

  static FsException changed(Path path, IOException cause) {
    return new FsException(
        FailureKind.SOURCE_CHANGED,
        "%s changed while it was read (try again when nothing writes to it)".formatted(shown(path)),
        cause);
  }

  static String shown(Path path) {
    return Names.printable(String.valueOf(path));
  }
}
