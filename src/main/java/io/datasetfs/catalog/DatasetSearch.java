package io.datasetfs.catalog;

import io.datasetfs.model.DatasetHead;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import io.datasetfs.model.Reference;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.model.VersionRecord;
import io.datasetfs.store.ObjectStore;
import java.util.List;
import java.util.Optional;

/** Finds datasets and versions by what they are called, at all providers. Thread-safe. */
final class DatasetSearch {
  private final Providers providers;
  private final KnownStores stores;
  private final Heads heads;

  DatasetSearch(Providers providers, KnownStores stores, Heads heads) {
    this.providers = providers;
    this.stores = stores;
    this.heads = heads;
  }

  /** As {@link Catalog#list}. */
  Listing list() throws FsException {
    return Lister.list(providers.list(), stores::open, heads);
  }

  /** As {@link Catalog#find(DatasetId)}. */
  Optional<Dataset> find(DatasetId id) throws FsException {
    FsException failure = null;
    for (StorageProvider provider : providers.list()) {
      try {
        Optional<ObjectStore> store = stores.open(provider);
        Optional<DatasetHead> head =
            store.isPresent() ? heads.find(store.get(), id) : Optional.empty();
        if (head.isPresent()) {
          return Optional.of(new Dataset(provider, head.get()));
        }
      } catch (FsException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return Optional.empty();
  }

  /** As {@link Catalog#require}. */
  Dataset require(String idOrName) throws FsException {
    if (DatasetId.isValid(idOrName)) {
      return find(new DatasetId(idOrName)).orElseThrow(() -> Heads.notFound(idOrName));
    }
    Listing listing = list();
    List<Dataset> named =
        listing.datasets().stream().filter(d -> d.head().name().equals(idOrName)).toList();
    if (named.size() > 1) {
      throw new FsException(
          FailureKind.INVALID,
          "The dataset name '%s' is ambiguous (use one of the ids %s)"
              .formatted(
                  Names.printable(idOrName),
                  String.join(", ", named.stream().map(d -> d.id().value()).toList())));
    }
    if (named.isEmpty()) {
      throw listing.failures().isEmpty()
          ? Heads.notFound(Names.printable(idOrName))
          : listing.failures().get(0);
    }
    return named.get(0);
  }

  /** As {@link Catalog#resolve}. */
  ResolvedVersion resolve(Reference reference) throws FsException {
    NamedVersion named = resolveAny(reference);
    if (named instanceof ResolvedVersion committed) {
      return committed;
    }
    throw HeadEdits.notCommitted(named.reference());
  }

  /** As {@link Catalog#resolveAny}. */
  NamedVersion resolveAny(Reference reference) throws FsException {
    String selector =
        reference
            .selector()
            .orElseThrow(
                () ->
                    new FsException(
                        FailureKind.INVALID,
                        "'%s' names no version (ex: dst364npcw6ccok:fo5rp4m)"
                            .formatted(Names.printable(reference.toString()))));
    return find(require(reference.dataset()), selector);
  }

  /** As {@link Catalog#find(Dataset, String)}. */
  static NamedVersion find(Dataset dataset, String selector) throws FsException {
    Optional<VersionRecord> committed = dataset.head().find(selector);
    if (committed.isPresent()) {
      return new ResolvedVersion(dataset, committed.get());
    }
    return dataset
        .head()
        .findUncommitted(selector)
        .map(v -> new StagedReference(dataset, v))
        .orElseThrow(
            () ->
                selector.equals(Names.LATEST)
                    ? new FsException(
                        FailureKind.NOT_FOUND,
                        "Not found: the dataset %s has no committed version yet (make one with"
                                .formatted(dataset.id())
                            + " 'dsfs datasets versions create')")
                    : HeadEdits.versionNotFound(dataset.id(), Names.printable(selector)));
  }

  /**
   * Refuses a name that another dataset has.
   *
   * @param owner who may have it
   * @throws FsException EXISTS
   */
  void requireFree(String name, Optional<DatasetId> owner) throws FsException {
    Optional<Dataset> other = findNamesake(name, owner.orElse(null));
    if (other.isPresent()) {
      throw new FsException(
          FailureKind.EXISTS,
          "The dataset name '%s' is taken by %s (choose another name)"
              .formatted(name, other.get().id()));
    }
  }

  /** Another dataset than {@code owner}, which may be {@code null}, that has the name. */
  Optional<Dataset> findNamesake(String name, DatasetId owner) throws FsException {
    return list().datasets().stream()
        .filter(other -> other.head().name().equals(name) && !other.id().equals(owner))
        .findFirst();
  }
}
