package io.datasetfs.catalog;

import io.datasetfs.format.RepositoryFormat;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.store.ObjectStore;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The stores of providers whose format has been looked at. Thread-safe. */
final class KnownStores {
  private final Providers providers;
  private final Set<StorageProvider> checked = ConcurrentHashMap.newKeySet();

  KnownStores(Providers providers) {
    this.providers = providers;
  }

  /** Opens a store whose format is known, or nothing when it has never been used. */
  Optional<ObjectStore> open(StorageProvider provider) throws FsException {
    // whoever looks for something here has others to look at, or will look again
    ObjectStore store = providers.store(provider).impatient();
    if (checked.contains(provider)) {
      return Optional.of(store);
    }
    if (Repository.find(store).isPresent()) {
      checked.add(provider);
      return Optional.of(store);
    }
    if (!store.listSegments(Heads.DATASETS).isEmpty()) {
      throw new FsException(
          FailureKind.CORRUPT,
          "%s is damaged: it has datasets, but no %s (restore it from another repository)"
              .formatted(store.location(), RepositoryFormat.KEY));
    }
    return Optional.empty();
  }
}
