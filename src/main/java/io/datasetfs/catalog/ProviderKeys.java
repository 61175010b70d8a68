package io.datasetfs.catalog;

import io.datasetfs.model.StorageProvider;
import io.datasetfs.store.s3.S3Keys;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A provider as the configuration may hold it, and the keys that it may not.
 *
 * @param provider without keys
 * @param keys what it was given
 */
record ProviderKeys(StorageProvider provider, Optional<S3Keys> keys) {
  /** Takes the keys out of the settings. */
  static ProviderKeys split(StorageProvider full) {
    SortedMap<String, String> config = new TreeMap<>(full.config());
    String accessKey = config.remove(StorageProvider.ACCESS_KEY);
    String secret = config.remove(StorageProvider.SECRET_ACCESS_KEY);
    if (accessKey == null || secret == null) {
      return new ProviderKeys(full.withConfig(config), Optional.empty());
    }
    config.put(StorageProvider.CREDENTIALS, StorageProvider.GIVEN);
    return new ProviderKeys(full.withConfig(config), Optional.of(new S3Keys(accessKey, secret)));
  }

  /** Puts the keys into the settings. */
  static StorageProvider joined(StorageProvider provider, Optional<S3Keys> keys) {
    if (keys.isEmpty()) {
      return provider;
    }
    SortedMap<String, String> config = new TreeMap<>(provider.config());
    config.put(StorageProvider.ACCESS_KEY, keys.get().accessKey());
    config.put(StorageProvider.SECRET_ACCESS_KEY, keys.get().secretAccessKey());
    return provider.withConfig(config);
  }
}
