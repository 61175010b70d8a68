package io.datasetfs.catalog;

import io.datasetfs.model.DatasetHead;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FsException;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.store.ObjectStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Reads all heads of all providers, several at once. */
final class Lister {
  private Lister() {}

  /** Opens a provider's store when it has ever been used. */
  @FunctionalInterface
  interface Opener {
    Optional<ObjectStore> open(StorageProvider provider) throws FsException;
  }

  static Listing list(List<StorageProvider> providers, Opener opener, Heads heads)
      throws FsException {
    List<Callable<List<Callable<Optional<Dataset>>>>> asked = new ArrayList<>();
    for (StorageProvider provider : providers) {
      asked.add(() -> headsOf(provider, opener, heads));
    }
    List<FsException> failures = new ArrayList<>();
    List<Callable<Optional<Dataset>>> found = new ArrayList<>();
    for (Gather.Answer<List<Callable<Optional<Dataset>>>> answer : Gather.all(asked, Gather.MANY)) {
      if (answer.failure() == null) {
        found.addAll(answer.value());
      } else {
        failures.add(answer.failure());
      }
    }
    List<Dataset> datasets = new ArrayList<>();
    for (Gather.Answer<Optional<Dataset>> answer : Gather.all(found, Gather.MANY)) {
      if (answer.failure() == null) {
        answer.value().ifPresent(datasets::add);
      } else {
        failures.add(answer.failure());
      }
    }
    datasets.sort(Comparator.comparing((Dataset d) -> d.head().name()).thenComparing(Dataset::id));
    return new Listing(datasets, failures);
  }

  private static List<Callable<Optional<Dataset>>> headsOf(
      StorageProvider provider, Opener opener, Heads heads) throws FsException {
    List<Callable<Optional<Dataset>>> found = new ArrayList<>();
    Optional<ObjectStore> store = opener.open(provider);
    if (store.isPresent()) {
      for (String id : store.get().listSegments(Heads.DATASETS)) {
        if (DatasetId.isValid(id)) {
          // Objects without a head are what a deletion has left, or is about to remove.
          found.add(() -> read(provider, store.get(), new DatasetId(id), heads));
        }
      }
    }
    return found;
  }

  private static Optional<Dataset> read(
      StorageProvider provider, ObjectStore store, DatasetId id, Heads heads) throws FsException {
    Optional<DatasetHead> head = heads.find(store, id);
    return head.map(h -> new Dataset(provider, h));
  }
}
