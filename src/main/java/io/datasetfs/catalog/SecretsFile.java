package io.datasetfs.catalog;

import io.datasetfs.format.SecretsCodec;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.ProviderId;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.store.Sleeper;
import io.datasetfs.store.s3.S3Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The file {@code credentials.yaml}: the keys that storage providers were given. Asking is cheap as
 * long as the file does not change. Safe for use by several threads.
 */
public final class SecretsFile {
  private final PrivateFile file;
  private volatile Seen seen = new Seen(Optional.empty(), new TreeMap<>());

  SecretsFile(Path file, Sleeper sleeper) {
    this.file = new PrivateFile(file, sleeper);
  }

  /** The file as it was when it was read: every change of this program's makes another inode. */
  private record Identity(Object file, FileTime modified, long size) {}

  private record Seen(
      Optional<Identity> identity, SortedMap<ProviderId, SortedMap<String, String>> secrets) {}

  /**
   * The keys of a provider, if it was given some.
   *
   * @throws FsException CORRUPT when the file is malformed; ACCESS_DENIED; IO
   */
  public Optional<S3Keys> find(ProviderId id) throws FsException {
    return keys(current().getOrDefault(id, new TreeMap<>()));
  }

  /**
   * The keys of a provider that was given some.
   *
   * @throws FsException ACCESS_DENIED when they are gone; as {@link #find}
   */
  public S3Keys require(ProviderId id) throws FsException {
    return find(id)
        .orElseThrow(
            () ->
                new FsException(
                    FailureKind.ACCESS_DENIED,
                    "%s has no keys of the storage provider %s (give them again with 'dsfs"
                            .formatted(file.path(), id)
                        + " storageProviders update --accessKey --secretAccessKey')"));
  }

  /** Writes down a provider's keys; none means that it has none. */
  void put(ProviderId id, Optional<S3Keys> keys) throws FsException {
    if (keys.isEmpty() && current().get(id) == null) {
      return;
    }
    file.change(
        previous -> {
          SortedMap<ProviderId, SortedMap<String, String>> all = decode(previous);
          SortedMap<String, String> next =
              new TreeMap<>(
                  keys.map(
                          k ->
                              Map.of(
                                  StorageProvider.ACCESS_KEY, k.accessKey(),
                                  StorageProvider.SECRET_ACCESS_KEY, k.secretAccessKey()))
                      .orElse(Map.of()));
          SortedMap<String, String> before = keys.isEmpty() ? all.remove(id) : all.put(id, next);
          boolean same = keys.isEmpty() ? before == null : next.equals(before);
          return same ? previous : SecretsCodec.encode(all);
        });
  }

  private static Optional<S3Keys> keys(Map<String, String> secrets) {
    String accessKey = secrets.get(StorageProvider.ACCESS_KEY);
    String secret = secrets.get(StorageProvider.SECRET_ACCESS_KEY);
    return accessKey == null || secret == null
        ? Optional.empty()
        : Optional.of(new S3Keys(accessKey, secret));
  }

  private SortedMap<ProviderId, SortedMap<String, String>> current() throws FsException {
    Optional<Identity> now = identity();
    Seen last = seen;
    if (!last.identity().equals(now)) {
      last = new Seen(now, decode(file.content()));
      seen = last;
    }
    return last.secrets();
  }

  private Optional<Identity> identity() throws FsException {
    try {
      BasicFileAttributes now = Files.readAttributes(file.path(), BasicFileAttributes.class);
      return Optional.of(new Identity(now.fileKey(), now.lastModifiedTime(), now.size()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw FsException.from(file.path().toString(), e);
    }
  }

  private SortedMap<ProviderId, SortedMap<String, String>> decode(byte[] content)
      throws FsException {
    return SecretsCodec.decode(content, file.path().toString());
  }
}
