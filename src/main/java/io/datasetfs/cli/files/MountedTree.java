package io.datasetfs.cli.files;

import io.datasetfs.cli.Progress;
import io.datasetfs.cli.VersionReader.ContentSink;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import io.datasetfs.model.TemporaryName;
import io.datasetfs.model.Utf8;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The tree of an uncommitted version that a daemon of this user has mounted. The kernel sees every
 * change, so nobody who uses the mount at the same time is shown anything old.
 */
final class MountedTree extends WritableTree {
  private static final String ATTRIBUTES = "unix:mode,size,lastModifiedTime";
  private static final int TYPE_MASK = 0170000;
  private static final int PERMISSIONS = 07777;
  private static final int OWNER_ALL = 0700;
  private static final int STEP = 1 << 20;

  private final Path root;
  private final RandomGenerator random;

  /** A file without a name that is open for writing as long as this tree; or {@code null}. */
  private FileChannel mark;

  /**
   * A tree to be read.
   *
   * @param root where the version is mounted
   * @param random draws temporary names
   */
  MountedTree(String reference, Path root, RandomGenerator random) {
    super(reference);
    this.root = root;
    this.random = random;
  }

  /**
   * A tree to be changed. From now on until this is closed the process counts as one that writes,
   * also between one file and the next: a commit waits for it, and names it.
   *
   * @param root where the version is mounted
   * @param random draws temporary names
   */
  static MountedTree openToWrite(String reference, Path root, RandomGenerator random)
      throws FsException {
    MountedTree tree = new MountedTree(reference, root, random);
    try {
      tree.mark =
          FileChannel.open(
              temporary(root.resolve("mark"), random),
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE); // on Linux it loses its name at once
    } catch (IOException e) {
      throw FsException.from(tree.shown(root), e);
    }
    return tree;
  }

  /** A place as its user knows it: from the version's root. */
  private String shown(Path place) {
    return Names.printable("/" + root.relativize(place)) + " in " + reference();
  }

  private static Path place(FileEntry entry) {
    return (Path) entry.origin();
  }

  private Path child(FileEntry directory, String name) throws FsException {
    try {
      return place(directory).resolve(name);
    } catch (InvalidPathException e) {
      throw new FsException(
          FailureKind.ILLEGAL_NAME,
          "%s: the name does not exist in this locale (use a UTF-8 locale)"
              .formatted(Names.printable(name)),
          e);
    }
  }

  @Override
  FileEntry root() throws FsException {
    return look(root, "")
        .orElseThrow(
            () ->
                new FsException(
                    FailureKind.NOT_FOUND,
                    "%s is no longer mounted at %s (try again)".formatted(reference(), root)));
  }

  @Override
  Optional<FileEntry> find(FileEntry directory, String name) throws FsException {
    return look(child(directory, name), name);
  }

  private Optional<FileEntry> look(Path place, String name) throws FsException {
    try {
      Map<String, Object> found =
          Files.readAttributes(place, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
      int mode = (Integer) found.get("mode");
      FileEntry.Kind kind =
          switch (mode & TYPE_MASK) {
            case 0040000 -> FileEntry.Kind.DIRECTORY;
            case 0100000 -> FileEntry.Kind.FILE;
            case 0120000 -> FileEntry.Kind.SYMLINK;
            default -> FileEntry.Kind.SPECIAL;
          };
      return Optional.of(
          new FileEntry(
              name,
              kind,
              mode & PERMISSIONS,
              ((FileTime) found.get("lastModifiedTime")).toInstant(),
              (Long) found.get("size"),
              kind == FileEntry.Kind.SYMLINK
                  ? Optional.of(Files.readSymbolicLink(place).toString())
                  : Optional.empty(),
              Optional.empty(),
              place));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw FsException.from(shown(place), e);
    }
  }

  @Override
  void list(FileEntry directory, Visitor visitor) throws FsException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(place(directory))) {
      entries.forEach(entry -> names.add(entry.getFileName().toString()));
    } catch (DirectoryIteratorException e) {
      throw FsException.from(shown(place(directory)), e.getCause());
    } catch (IOException e) {
      throw FsException.from(shown(place(directory)), e);
    }
    names.sort(Comparator.comparing(Utf8::encode, Utf8::compare));
    for (String name : names) {
      Optional<FileEntry> entry = find(directory, name);
      if (entry.isPresent()) { // else it has gone meanwhile
        visitor.visit(entry.get());
      }
    }
  }

  @Override
  void copy(FileEntry file, ContentSink sink) throws IOException {
    try (FileChannel channel =
        FileChannel.open(place(file), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      Copying.copy(channel, sink, STEP);
    } catch (IOException e) {
      throw FsException.from(shown(place(file)), e);
    }
  }

  @Override
  FileEntry directory(FileEntry parent, String name) throws FsException {
    Path place = child(parent, name);
    try {
      Optional<FileEntry> there = look(place, name);
      if (there.isPresent() && !there.get().isDirectory()) {
        Files.delete(place);
        there = Optional.empty();
      }
      if (there.isEmpty()) {
        Files.createDirectory(place);
      } else if ((there.get().mode() & OWNER_ALL) != OWNER_ALL) {
        Files.setAttribute(
            place, "unix:mode", there.get().mode() | OWNER_ALL, LinkOption.NOFOLLOW_LINKS);
      }
      if (there.isPresent()) {
        sweep(there.get());
      }
      return look(place, name).orElseThrow(() -> new NoSuchFileException(place.toString()));
    } catch (IOException e) {
      throw FsException.from(shown(place), e);
    }
  }

  @Override
  Path place() {
    return root;
  }

  @Override
  void sweep(FileEntry directory) throws FsException {
    List<String> left = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(place(directory))) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (TemporaryName.isLeft(name)) {
          left.add(name);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw FsException.from(shown(place(directory)), e.getCause());
    } catch (IOException e) {
      throw FsException.from(shown(place(directory)), e);
    }
    for (String name : left) {
      Optional<FileEntry> entry = find(directory, name);
      if (entry.isPresent() && mayBeTemporary(entry.get())) {
        remove(directory, entry.get());
      }
    }
  }

  private static Path temporary(Path place, RandomGenerator random) {
    return place.resolveSibling(TemporaryName.draw(random));
  }

  @Override
  NewFile file(FileEntry parent, String name) throws FsException {
    Path place = child(parent, name);
    Path temporary = temporary(place, random);
    try {
      return new MountedFile(place, temporary, FileSink.create(temporary, Progress.NONE));
    } catch (IOException e) {
      throw FsException.from(shown(place), e);
    }
  }

  @Override
  void link(FileEntry parent, String name, String target, Instant mtime) throws FsException {
    Path place = child(parent, name);
    Path temporary = temporary(place, random);
    try {
      try {
        Files.createSymbolicLink(temporary, Path.of(target));
        Download.time(mtime, temporary);
        Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw FsException.from(shown(place), e);
    }
  }

  @Override
  void attributes(FileEntry directory, int mode, Instant mtime) throws FsException {
    Path place = place(directory);
    try {
      Download.time(mtime, place);
      Files.setAttribute(place, "unix:mode", mode, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      throw FsException.from(shown(place), e);
    }
  }

  @Override
  void remove(FileEntry parent, FileEntry entry) throws FsException {
    try {
      Files.deleteIfExists(place(entry));
    } catch (IOException e) {
      throw FsException.from(shown(place(entry)), e);
    }
  }

  @Override
  public void close() throws FsException {
    try {
      if (mark != null) {
        mark.close();
      }
    } catch (IOException e) {
      throw FsException.from(shown(root), e);
    }
  }

  private final class MountedFile implements NewFile {
    private final Path place;
    private final Path temporary;
    private final FileSink sink;

    MountedFile(Path place, Path temporary, FileSink sink) {
      this.place = place;
      this.temporary = temporary;
      this.sink = sink;
    }

    @Override
    public void data(ByteBuffer bytes) throws IOException {
      try {
        sink.data(bytes);
      } catch (IOException e) {
        throw FsException.from(shown(place), e);
      }
    }

    @Override
    public void hole(long length) {
      sink.hole(length);
    }

    @Override
    public void finish(long size, int mode, Instant mtime) throws FsException {
      try {
        sink.finish(size, place);
        sink.close();
        Download.time(mtime, temporary);
        Files.setAttribute(temporary, "unix:mode", mode, LinkOption.NOFOLLOW_LINKS);
        Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        throw FsException.from(shown(place), e);
      }
    }

    @Override
    public void close() throws FsException {
      try {
        sink.close();
        Files.deleteIfExists(temporary);
      } catch (IOException e) {
        throw FsException.from(shown(place), e);
      }
    }
  }
}
