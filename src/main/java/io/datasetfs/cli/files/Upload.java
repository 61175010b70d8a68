package io.datasetfs.cli.files;

import io.datasetfs.cli.Progress;
import io.datasetfs.cli.VersionReader.ContentSink;
import io.datasetfs.commit.ImportSource;
import io.datasetfs.commit.SourceVisitor;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Puts files of this machine into an uncommitted version. Directories that are there already are
 * entered and keep what else they hold; files and links take the place of files and links of the
 * same name, each at once and whole.
 */
final class Upload implements SourceVisitor {
  private static final int STEP = 1 << 18;
  private static final int NEW_DIRECTORY_MODE = 0755;

  private final WritableTree tree;
  private final Progress progress;
  private final Deque<FileEntry> directories = new ArrayDeque<>();
  private long files;

  Upload(WritableTree tree, Progress progress) {
    this.tree = tree;
    this.progress = progress;
  }

  /** The number of files and links put so far. */
  long files() {
    return files;
  }

  /**
   * Puts a source.
   *
   * @param target the path of the directory that takes it, made when it is missing
   * @throws FsException INVALID for a directory that would grow as it is put; others
   */
  void put(ImportSource source, String target) throws FsException {
    for (Path root : source.roots()) {
      requireApart(root);
    }
    FileEntry directory = tree.root();
    boolean fresh = false;
    for (String name : FileTree.plainNames(target)) {
      Optional<FileEntry> next = tree.find(directory, name);
      if (next.isPresent() && !next.get().isDirectory()) {
        throw tree.notDirectory(target);
      }
      fresh = next.isEmpty();
      FileEntry parent = directory;
      directory = fresh ? tree.directory(parent, name) : next.get();
      if (fresh) {
        tree.attributes(directory, NEW_DIRECTORY_MODE, Instant.now());
      }
    }
    if (!fresh) {
      tree.sweep(directory);
    }
    directories.push(directory);
    source.visit(this);
    if (fresh) {
      tree.attributes(directory, source.mode(), source.mtime());
    }
  }

  private void requireApart(Path source) throws FsException {
    try {
      if (!Files.isDirectory(source)) {
        return;
      }
      Path version = tree.place().toRealPath();
      if (isWithin(source, version)) {
        throw refused(source, "is in the version that it would be put into (copy it in the mount)");
      }
      if (isWithin(version, source)) {
        throw refused(source, "holds the version that it would be put into (name what is in it)");
      }
    } catch (IOException e) {
      throw FsException.from(Names.printable(source.toString()), e);
    }
  }

  private static FsException refused(Path source, String why) {
    return new FsException(
        FailureKind.INVALID,
        "The source path %s %s".formatted(Names.printable(source.toString()), why));
  }

  /** Whether a path without links is a directory or below it, however that is reached. */
  private static boolean isWithin(Path path, Path directory) throws IOException {
    for (Path at = path; at != null; at = at.getParent()) {
      if (Files.isSameFile(at, directory)) {
        return true;
      }
    }
    return false;
  }

  private FileEntry here() {
    return directories.getFirst();
  }

  @Override
  public void enter(String name) throws FsException {
    directories.push(tree.directory(here(), name));
  }

  @Override
  public void leave(int mode, Instant mtime) throws FsException {
    tree.attributes(directories.pop(), mode, mtime);
  }

  @Override
  public void link(String name, Instant mtime, String target) throws FsException {
    tree.link(here(), name, target, mtime);
    files++;
  }

  @Override
  public void file(String name, int mode, Instant mtime, Content content) throws FsException {
    try (WritableTree.NewFile file = tree.file(here(), name)) {
      long length = Copying.copy(content.channel(), new Counting(file, progress), STEP);
      content.requireUnchanged(length);
      file.finish(length, mode, mtime);
      files++;
    } catch (IOException e) {
      throw FsException.from(name, e);
    }
  }

  /** Tells the progress what goes through. */
  private record Counting(WritableTree.NewFile file, Progress progress) implements ContentSink {
    @Override
    public void data(ByteBuffer bytes) throws IOException {
      int length = bytes.remaining();
      file.data(bytes);
      progress.advance(length);
    }

    @Override
    public void hole(long length) throws IOException {
      file.hole(length);
      progress.advance(length);
    }
  }
}
