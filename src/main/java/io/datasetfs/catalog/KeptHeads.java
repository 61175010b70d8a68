package io.datasetfs.catalog;

import io.datasetfs.format.HeadCodec;
import io.datasetfs.model.DatasetHead;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.Digest;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.ProviderId;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.model.Utf8;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The last known heads of one provider's datasets, in a file each: what a process that begins while
 * the provider cannot be reached shows. A file says which place it is of, so that a provider that
 * was moved elsewhere does not show what was there before. It is only a cache: what is damaged or
 * cannot be written is told once and then ignored.
 *
 * <pre>
 * place       32 bytes   SHA-256 of what says where the provider's data is
 * entity tag             length (4) and UTF-8
 * head                   length (4) and JSON, as at the provider
 * checksum    32 bytes   SHA-256 of all before
 * </pre>
 */
public final class KeptHeads {
  private static final System.Logger LOG = System.getLogger(KeptHeads.class.getName());

  private static final FileAttribute<?> PRIVATE_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<?> PRIVATE_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /** The settings that say where a provider's data is; others say how to get there. */
  private static final List<String> PLACE =
      List.of(StorageProvider.PATH, "endpoint", "bucket", "prefix");

  private static final String NEW = "new-";

  private final Path all;
  private final AtomicBoolean told = new AtomicBoolean();

  private KeptHeads(Path all) {
    this.all = all;
  }

  /**
   * Keeps heads in a directory.
   *
   * @param directory holds a directory for each provider; made when there is something to keep
   */
  public static KeptHeads in(Path directory) {
    return new KeptHeads(directory);
  }

  /** Keeps nothing. */
  public static KeptHeads nowhere() {
    return new KeptHeads(null);
  }

  /** What was kept of a provider's datasets. */
  Map<DatasetId, KnownHead> load(StorageProvider provider) {
    Map<DatasetId, KnownHead> kept = new HashMap<>();
    for (Path file : files(directory(provider.id()))) {
      String name = file.getFileName().toString();
      if (DatasetId.isValid(name)) {
        DatasetId id = new DatasetId(name);
        load(provider, id, file).ifPresent(head -> kept.put(id, head));
      }
    }
    return kept;
  }

  private Optional<KnownHead> load(StorageProvider provider, DatasetId id, Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      int end = bytes.length - Digest.LENGTH;
      if (end < Digest.LENGTH
          || !Digest.compute(Arrays.copyOf(bytes, end))
              .equals(Digest.of(Arrays.copyOfRange(bytes, end, bytes.length)))) {
        throw new FsException(FailureKind.CORRUPT, file + " is damaged");
      }
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, end));
      if (!Digest.of(in.readNBytes(Digest.LENGTH)).equals(place(provider))) {
        return Optional.empty();
      }
      String tag = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
      DatasetHead head = HeadCodec.decode(in.readNBytes(in.readInt()), file.toString());
      if (!head.id().equals(id)) {
        throw new FsException(FailureKind.CORRUPT, file + " is the head of " + head.id());
      }
      return Optional.of(new KnownHead(tag, new Dataset(provider, head)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      tell("is not used", e);
      return Optional.empty();
    }
  }

  /** Keeps a provider's datasets as they are now, and no others. */
  void keep(
      StorageProvider provider, Map<DatasetId, KnownHead> before, Map<DatasetId, KnownHead> now) {
    if (all == null) {
      return;
    }
    Path directory = directory(provider.id());
    try {
      if (!now.isEmpty()) {
        Files.createDirectories(directory, PRIVATE_DIRECTORY);
      }
      for (Map.Entry<DatasetId, KnownHead> head : now.entrySet()) {
        Path file = directory.resolve(head.getKey().value());
        if (!head.getValue().equals(before.get(head.getKey())) || !Files.exists(file)) {
          write(file, encode(provider, head.getValue()));
        }
      }
      for (Path file : files(directory)) {
        String name = file.getFileName().toString();
        if (!DatasetId.isValid(name) || !now.containsKey(new DatasetId(name))) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      tell("cannot be written", e);
    }
  }

  /** Forgets all providers but these. */
  public void retain(Collection<ProviderId> providers) {
    Set<String> names = Set.copyOf(providers.stream().map(ProviderId::value).toList());
    for (Path directory : files(all)) {
      if (!names.contains(directory.getFileName().toString())) {
        try {
          for (Path file : files(directory)) {
            Files.deleteIfExists(file);
          }
          Files.deleteIfExists(directory);
        } catch (IOException e) {
          tell("cannot be removed", e);
        }
      }
    }
  }

  private static void write(Path file, byte[] content) throws IOException {
    // Another daemon may be writing the same head.
    Path temporary = Files.createTempFile(file.getParent(), NEW, "", PRIVATE_FILE);
    try {
      Files.write(temporary, content);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static byte[] encode(StorageProvider provider, KnownHead head) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.write(place(provider).bytes());
      byte[] tag = Utf8.encode(head.entityTag());
      out.writeInt(tag.length);
      out.write(tag);
      byte[] json = HeadCodec.encode(head.dataset().head());
      out.writeInt(json.length);
      out.write(json);
      out.write(Digest.compute(bytes.toByteArray()).bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static Digest place(StorageProvider provider) {
    StringBuilder place = new StringBuilder(provider.type());
    for (String setting : PLACE) {
      place.append('\0').append(provider.config().getOrDefault(setting, ""));
    }
    return Digest.compute(Utf8.encode(place.toString()));
  }

  private Path directory(ProviderId provider) {
    return all == null ? null : all.resolve(provider.value());
  }

  private List<Path> files(Path directory) {
    if (directory == null) {
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      files.forEach(found::add);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException | DirectoryIteratorException e) {
      tell("cannot be read", e);
    }
    return found;
  }

  private void tell(String what, Exception e) {
    if (told.compareAndSet(false, true)) {
      LOG.log(
          Level.WARNING,
          "What is kept of the catalog for outages in {0} {1}: {2}",
          all,
          what,
          e.getMessage());
    }
  }
}
