package io.datasetfs.catalog;

import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FsException;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.store.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** The end of datasets, and of what is left of them. Thread-safe. */
final class Deletion {
  /** Where one deletion fails, no more than these are tried. */
  private static final int DELETED_TOGETHER = 256;

  private final Providers providers;
  private final KnownStores stores;
  private final Heads heads;
  private final Nudge nudge;

  Deletion(Providers providers, KnownStores stores, Heads heads, Nudge nudge) {
    this.providers = providers;
    this.stores = stores;
    this.heads = heads;
    this.nudge = nudge;
  }

  /** As {@link Catalog#delete}. */
  void run(Dataset dataset) throws FsException {
    ObjectStore store = providers.store(dataset.provider());
    try {
      store.delete(Heads.key(dataset.id()));
    } finally {
      nudge.give();
    }
    deleteObjects(store, dataset.id());
  }

  /** As {@link Catalog#sweep}. */
  boolean sweep(DatasetId id) throws FsException {
    boolean any = false;
    for (StorageProvider provider : providers.list()) {
      Optional<ObjectStore> store = stores.open(provider);
      if (store.isPresent() && store.get().stat(Heads.key(id)).isEmpty()) {
        any |= deleteObjects(providers.store(provider), id);
      }
    }
    return any;
  }

  /** As {@link Catalog#sweepIfDeleted}. */
  void sweepIfDeleted(Dataset dataset, FsException reason) {
    try {
      ObjectStore store = providers.store(dataset.provider());
      if (heads.find(store, dataset.id()).isEmpty()) {
        deleteObjects(store, dataset.id());
      }
    } catch (FsException e) {
      reason.addSuppressed(e);
    }
  }

  private static boolean deleteObjects(ObjectStore store, DatasetId id) throws FsException {
    List<Callable<Boolean>> deletions = new ArrayList<>();
    store.list(Heads.prefix(id), object -> deletions.add(() -> store.delete(object.key())));
    for (int i = 0; i < deletions.size(); i += DELETED_TOGETHER) {
      int end = Math.min(deletions.size(), i + DELETED_TOGETHER);
      for (Gather.Answer<Boolean> one : Gather.all(deletions.subList(i, end), Gather.MANY)) {
        if (one.failure() != null) {
          throw one.failure();
        }
      }
    }
    return !deletions.isEmpty();
  }
}
