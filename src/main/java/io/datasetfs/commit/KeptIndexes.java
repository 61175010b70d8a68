package io.datasetfs.commit;

import io.datasetfs.format.PackIndex;
import io.datasetfs.format.PackLayout;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.Digest;
import io.datasetfs.model.FsException;
import io.datasetfs.model.PackId;
import io.datasetfs.model.Utf8;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The indexes of a dataset's packs, in a file each, so that the next import need not fetch them.
 * Packs never change, and an index is sealed by its digest: what does not match it is fetched
 * again. Only a cache: its troubles are told once and slow an import down. Thread-safe.
 */
final class KeptIndexes {
  private static final System.Logger LOG = System.getLogger(KeptIndexes.class.getName());

  private static final FileAttribute<?> PRIVATE_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<?> PRIVATE_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /** The indexes of a dataset that nobody imports into for so long are removed. */
  private static final Duration UNUSED = Duration.ofDays(60);

  private final Path directory;
  private final AtomicBoolean told = new AtomicBoolean();

  private KeptIndexes(Path directory) {
    this.directory = directory;
  }

  /**
   * Opens what is kept of a dataset.
   *
   * @param all holds a directory for each dataset; nothing to keep nothing
   * @param location the store's: a dataset of the same id elsewhere is another
   */
  static KeptIndexes open(Optional<Path> all, String location, DatasetId dataset) {
    if (all.isEmpty()) {
      return new KeptIndexes(null);
    }
    String place = Digest.compute(Utf8.encode(location)).toString();
    KeptIndexes kept = new KeptIndexes(all.get().resolve(dataset + "-" + place.substring(0, 16)));
    kept.begin(all.get());
    return kept;
  }

  private void begin(Path all) {
    try {
      Files.createDirectories(directory, PRIVATE_DIRECTORY);
      Files.setLastModifiedTime(directory, FileTime.from(Instant.now()));
      FileTime oldest = FileTime.from(Instant.now().minus(UNUSED));
      try (DirectoryStream<Path> datasets = Files.newDirectoryStream(all)) {
        for (Path dataset : datasets) {
          if (Files.getLastModifiedTime(dataset).compareTo(oldest) < 0) {
            new KeptIndexes(dataset).retain(Set.of());
            Files.deleteIfExists(dataset);
          }
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      tell(e);
    }
  }

  /**
   * The index of a pack, or {@code null}.
   *
   * @param size the pack's length
   */
  PackIndex find(PackId pack, long size) {
    if (directory == null) {
      return null;
    }
    try {
      byte[] tail = Files.readAllBytes(file(pack));
      int end = tail.length - PackLayout.TRAILER_BYTES;
      if (end < 0) {
        return null;
      }
      byte[] trailerBytes = Arrays.copyOfRange(tail, end, tail.length);
      PackLayout.Trailer trailer = PackLayout.readTrailer(pack, trailerBytes, size);
      return PackLayout.findIndex(pack, trailer, Arrays.copyOf(tail, end)).orElse(null);
    } catch (NoSuchFileException e) {
      return null;
    } catch (FsException e) {
      LOG.log(Level.DEBUG, "a kept index is not used: {0}", e.getMessage());
      return null;
    } catch (IOException e) {
      tell(e);
      return null;
    }
  }

  /** Keeps a pack's index. */
  void add(PackId pack, byte[] index, byte[] trailer) {
    if (directory == null) {
      return;
    }
    try {
      byte[] tail = Arrays.copyOf(index, index.length + trailer.length);
      System.arraycopy(trailer, 0, tail, index.length, trailer.length);
      Path temporary = Files.createTempFile(directory, "new-", "", PRIVATE_FILE);
      try {
        Files.write(temporary, tail);
        Files.move(temporary, file(pack), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      tell(e);
    }
  }

  /** Forgets all packs but these, by their names. */
  void retain(Set<String> packs) {
    if (directory == null) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        if (!packs.contains(file.getFileName().toString())) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      tell(e);
    }
  }

  private Path file(PackId pack) {
    return directory.resolve(pack.toString());
  }

  private void tell(Exception e) {
    if (told.compareAndSet(false, true)) {
      LOG.log(Level.WARNING, "Pack indexes cannot be kept in {0}: {1}", directory, e);
    }
  }
}
