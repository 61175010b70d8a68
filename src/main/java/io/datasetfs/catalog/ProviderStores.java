package io.datasetfs.catalog;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.store.ObjectStore;
import io.datasetfs.store.Retries;
import io.datasetfs.store.RetryingObjectStore;
import io.datasetfs.store.local.LocalObjectStore;
import io.datasetfs.store.s3.S3Credentials;
import io.datasetfs.store.s3.S3Keys;
import io.datasetfs.store.s3.S3Limits;
import io.datasetfs.store.s3.S3ObjectStore;
import io.datasetfs.store.s3.S3Probe;
import io.datasetfs.store.s3.S3Settings;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Opens the stores of all types of providers that this release knows. */
public final class ProviderStores implements StoreFactory {
  private final SecretsFile secrets;
  private final S3Limits limits;
  private final Supplier<Retries> retries;
  private final RandomGenerator random;

  /**
   * @param secrets the keys of S3 providers
   * @param limits what S3 stores ask of the network
   * @param retries how long trouble with an S3 server is borne
   * @param random safe for use by several threads
   */
  public ProviderStores(
      SecretsFile secrets, S3Limits limits, Supplier<Retries> retries, RandomGenerator random) {
    this.secrets = secrets;
    this.limits = limits;
    this.retries = retries;
    this.random = random;
  }

  @Override
  public ObjectStore open(StorageProvider provider) throws FsException {
    return provider.type().equals(StorageProvider.S3)
        ? bucket(provider)
        : LocalObjectStore.openExisting(directory(provider));
  }

  @Override
  public ObjectStore create(StorageProvider provider) throws FsException {
    return provider.type().equals(StorageProvider.S3)
        ? bucket(provider)
        : LocalObjectStore.open(directory(provider));
  }

  @Override
  public StorageProvider prove(StorageProvider provider) throws FsException {
    if (!provider.type().equals(StorageProvider.S3)) {
      return provider;
    }
    S3Settings found =
        S3Probe.prove(S3Settings.of(provider), credentials(provider), limits, random);
    SortedMap<String, String> config = new TreeMap<>(provider.config());
    found.describe(config);
    return provider.withConfig(config);
  }

  private ObjectStore bucket(StorageProvider provider) throws FsException {
    return new RetryingObjectStore(
        S3ObjectStore.open(S3Settings.of(provider), credentials(provider), limits, random),
        retries.get());
  }

  private S3Credentials credentials(StorageProvider provider) {
    Map<String, String> config = provider.config();
    String accessKey = config.get(StorageProvider.ACCESS_KEY);
    String secret = config.get(StorageProvider.SECRET_ACCESS_KEY);
    if (accessKey != null && secret != null) {
      S3Keys keys = new S3Keys(accessKey, secret);
      return new S3Credentials.Given(() -> keys);
    }
    if (StorageProvider.GIVEN.equals(config.get(StorageProvider.CREDENTIALS))) {
      return new S3Credentials.Given(() -> secrets.require(provider.id()));
    }
    return Optional.ofNullable(config.get(StorageProvider.PROFILE))
        .<S3Credentials>map(S3Credentials.Profile::new)
        .orElseGet(S3Credentials.Standard::new);
  }

  /**
   * The directory of a local provider.
   *
   * @throws FsException UNSUPPORTED when the provider is of another type, INVALID when it has none
   */
  public static Path directory(StorageProvider provider) throws FsException {
    if (!provider.type().equals(StorageProvider.LOCAL)) {
      throw new FsException(
          FailureKind.UNSUPPORTED,
          "The storage provider %s is of type '%s', which this release can't use (update dsfs)"
              .formatted(provider.label(), provider.type()));
    }
    String path = provider.config().get(StorageProvider.PATH);
    if (path == null || !path.startsWith("/")) {
      throw new FsException(
          FailureKind.INVALID,
          "The storage provider %s has no absolute 'path' (give it one with 'dsfs storageProviders"
                  .formatted(provider.label())
              + " update')");
    }
    return Path.of(path);
  }
}
