package io.datasetfs.store.local;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;

/**
 * Where objects are written before they become visible: in a directory of the store, so that they
 * can be linked and renamed to where they belong. Its lock guards the beginning and end of the
 * session that this process writes in.
 */
final class TemporaryFiles implements AutoCloseable {
  private static final Logger LOG = System.getLogger(TemporaryFiles.class.getName());

  private final Path root;
  private final Path directory;
  private WriteSession session;
  private boolean closed;

  /**
   * @param root the store's root
   * @param directory where the files go, directly in the root; made when it is first needed
   */
  TemporaryFiles(Path root, Path directory) {
    this.root = root;
    this.directory = directory;
  }

  /** A file's path and the entity tag that an object made of it has. */
  record Written(Path path, String entityTag) implements AutoCloseable {
    /** Removes the file, if it still has its temporary name. */
    @Override
    public void close() {
      discard(path);
    }
  }

  /**
   * Writes a file and waits until its content would survive a loss of power. On failure, as on a
   * full disk, nothing is left.
   */
  Written write(List<ByteBuffer> pieces) throws IOException {
    long size = pieces.stream().mapToLong(ByteBuffer::remaining).sum();
    boolean hashed = size <= EntityTags.HASHED_LIMIT;
    String hash = hashed ? EntityTags.ofContent(pieces) : null;
    Path path = session().nextTemporary();
    boolean written = false;
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      FileContent.write(file, pieces);
      if (!hashed) {
        // finer than the kernel's own clock of files, and part of the tag
        Files.setLastModifiedTime(path, FileTime.from(Instant.now()));
      }
      file.force(true);
      Written result = new Written(path, hashed ? hash : EntityTags.ofFile(FileState.of(path)));
      written = true;
      return result;
    } finally {
      if (!written) {
        discard(path);
      }
    }
  }

  private static void discard(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "A temporary file stays behind until the next start", e);
    }
  }

  private synchronized WriteSession session() throws IOException {
    if (closed) {
      throw new IllegalStateException("the store is closed: " + root);
    }
    if (session == null) {
      Directories.make(root, directory);
      session = WriteSession.begin(directory);
    }
    return session;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (session != null) {
      session.close();
      session = null;
    }
  }
}
