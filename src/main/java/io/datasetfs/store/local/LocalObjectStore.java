package io.datasetfs.store.local;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.store.ObjectKey;
import io.datasetfs.store.ObjectStat;
import io.datasetfs.store.ObjectStore;
import io.datasetfs.store.ObjectVisitor;
import io.datasetfs.store.PartSink;
import io.datasetfs.store.StoreSpace;
import io.datasetfs.store.StoredObject;
import io.datasetfs.store.local.TemporaryFiles.Written;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Objects as files of a local directory. Any number of stores, in any number of processes, may be
 * open on one directory.
 *
 * <p>Reading needs no more than the right to read: a directory on a read-only disk can be opened,
 * and only writes fail.
 */
public final class LocalObjectStore implements ObjectStore {
  private final Path root;
  private final ObjectListing listing;
  private final KeyLocks locks;
  private final TemporaryFiles temporaries;
  private final Publication publication;

  private LocalObjectStore(Path root, Publication.HardLink hardLink) {
    this.root = root;
    this.listing = new ObjectListing(root);
    this.locks = new KeyLocks(root, root.resolve("locks"));
    this.temporaries = new TemporaryFiles(root, root.resolve("tmp"));
    this.publication = new Publication(root, locks, hardLink);
  }

  /**
   * Opens a directory as a store, and removes what writers that died have left in it.
   *
   * @param root the directory; made when it is missing
   * @throws FsException when it can't be made or is none
   */
  public static LocalObjectStore open(Path root) throws FsException {
    return open(root, Files::createLink);
  }

  /**
   * As {@link #open(Path)}, but makes nothing: as long as the directory is missing, the store is
   * UNAVAILABLE.
   */
  public static LocalObjectStore openExisting(Path root) {
    return ready(root.toAbsolutePath().normalize(), Files::createLink);
  }

  /** As {@link #open(Path)}, with another way to make hard links. */
  static LocalObjectStore open(Path root, Publication.HardLink hardLink) throws FsException {
    Path absolute = root.toAbsolutePath().normalize();
    try {
      if (!Files.isDirectory(absolute)) {
        makeRoot(absolute);
      }
    } catch (IOException e) {
      throw FsException.from(absolute.toString(), e);
    }
    return ready(absolute, hardLink);
  }

  private static LocalObjectStore ready(Path root, Publication.HardLink hardLink) {
    AbandonedFiles.remove(root.resolve("tmp"));
    return new LocalObjectStore(root, hardLink);
  }

  private static void makeRoot(Path root) throws IOException {
    Path above = root.getParent();
    while (!Files.exists(above)) {
      above = above.getParent();
    }
    Directories.make(above, root);
    Directories.syncUpTo(above, root.getParent());
  }

  @Override
  public ByteBuffer getRange(String key, long offset, int length) throws FsException {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException("no range: " + length + " bytes from " + offset);
    }
    Path file = fileOf(key);
    try {
      if (!isObject(file)) {
        throw new NoSuchFileException(file.toString());
      }
      return ObjectReader.readRange(file, offset, length);
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  @Override
  public void getParts(String key, long offset, List<Integer> lengths, PartSink sink)
      throws FsException {
    long at = offset;
    for (int length : lengths) {
      sink.take(getRange(key, at, length));
      at += length;
    }
  }

  @Override
  public Optional<StoredObject> find(String key) throws FsException {
    Path file = fileOf(key);
    try {
      return Optional.of(ObjectReader.readWhole(file));
    } catch (IOException e) {
      return absentOrThrow(file, e);
    }
  }

  @Override
  public Optional<ObjectStat> stat(String key) throws FsException {
    Path file = fileOf(key);
    try {
      return Optional.of(ObjectReader.stat(key, file));
    } catch (IOException e) {
      return absentOrThrow(file, e);
    }
  }

  @Override
  public Optional<String> putIfAbsent(String key, List<ByteBuffer> content) throws FsException {
    Path file = fileOf(key);
    try {
      if (isObject(file)) {
        return taken(file);
      }
      try (Written written = temporaries.write(content)) {
        if (!publication.publish(key, written.path(), file)) {
          return taken(file);
        }
        confirm(file, file.getParent());
        return Optional.of(written.entityTag());
      }
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  private Optional<String> taken(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new FsException(
          FailureKind.IS_DIRECTORY, file + ": is a directory where an object should go");
    }
    // whoever wrote it may not have come to this yet
    Directories.syncUpTo(root, file.getParent());
    return Optional.empty();
  }

  @Override
  public Optional<String> replaceIfMatch(String key, String entityTag, List<ByteBuffer> content)
      throws FsException {
    Path file = fileOf(key);
    try {
      if (!matches(key, file, entityTag)) {
        return Optional.empty();
      }
      try (Written written = temporaries.write(content)) {
        boolean replaced = locks.holding(key, () -> replace(key, file, entityTag, written.path()));
        if (!replaced) {
          return Optional.empty();
        }
        confirm(file, file.getParent());
        return Optional.of(written.entityTag());
      }
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  private boolean replace(String key, Path file, String entityTag, Path written)
      throws IOException {
    if (!matches(key, file, entityTag)) {
      return false;
    }
    Publication.rename(written, file);
    return true;
  }

  private boolean matches(String key, Path file, String entityTag) throws IOException {
    try {
      return ObjectReader.stat(key, file).entityTag().equals(entityTag);
    } catch (IOException e) {
      FsException failure = failure(file, e);
      if (isAbsence(failure)) {
        return false;
      }
      throw failure;
    }
  }

  @Override
  public void list(String prefix, ObjectVisitor visitor) throws FsException {
    ObjectKey.requireValidPrefix(prefix);
    try {
      requireRoot();
      listing.list(prefix, visitor);
    } catch (IOException e) {
      throw failure(root.resolve(prefix), e);
    }
  }

  @Override
  public List<String> listSegments(String prefix) throws FsException {
    ObjectKey.requireValidPrefix(prefix);
    try {
      requireRoot();
      return listing.segments(prefix);
    } catch (IOException e) {
      throw failure(root.resolve(prefix), e);
    }
  }

  @Override
  public boolean delete(String key) throws FsException {
    Path file = fileOf(key);
    try {
      requireRoot();
      if (!isObject(file)) {
        return false;
      }
      boolean existed = locks.holding(key, () -> isObject(file) && Files.deleteIfExists(file));
      confirm(file, Directories.removeEmpty(root, file.getParent()));
      return existed;
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  @Override
  public Optional<StoreSpace> space() {
    File directory = root.toFile(); // one statvfs; Files.getFileStore would read all mounts first
    long total = directory.getTotalSpace();
    return total == 0
        ? Optional.empty()
        : Optional.of(new StoreSpace(total, directory.getUsableSpace()));
  }

  @Override
  public String location() {
    return root.toString();
  }

  @Override
  public void close() {
    temporaries.close();
  }

  private Path fileOf(String key) {
    return root.resolve(ObjectKey.requireValid(key));
  }

  private static boolean isObject(Path file) {
    return Files.isRegularFile(file);
  }

  /** What is done is visible already: if it can't be confirmed, nobody knows whether it stays. */
  private void confirm(Path file, Path directory) throws FsException {
    try {
      Directories.syncUpTo(root, directory);
    } catch (IOException e) {
      throw new FsException(
          FailureKind.STATE_UNKNOWN,
          failure(file, e).getMessage() + " (the change may not survive a loss of power)",
          e);
    }
  }

  private void requireRoot() throws FsException {
    if (!Files.isDirectory(root)) {
      throw new FsException(
          FailureKind.UNAVAILABLE, root + ": the storage directory is gone (is it mounted?)");
    }
  }

  private <T> Optional<T> absentOrThrow(Path file, IOException cause) throws FsException {
    FsException failure = failure(file, cause);
    if (isAbsence(failure)) {
      return Optional.empty();
    }
    throw failure;
  }

  private FsException failure(Path file, IOException cause) {
    FsException failure = FsException.from(file.toString(), cause);
    if (failure.kind() == FailureKind.NOT_FOUND) {
      try {
        requireRoot();
      } catch (FsException gone) {
        gone.addSuppressed(cause);
        return gone;
      }
    }
    return failure;
  }

  /** Keys whose path is a directory, or leads through a file, name no object. */
  private static boolean isAbsence(FsException failure) {
    return failure.kind() == FailureKind.NOT_FOUND
        || failure.kind() == FailureKind.NOT_DIRECTORY
        || failure.kind() == FailureKind.IS_DIRECTORY;
  }
}
