package io.datasetfs.fs;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.Listing;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Reference;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** All datasets of all providers at one moment. Immutable. */
final class CatalogState {
  /** Nothing at all. */
  static final CatalogState EMPTY = new CatalogState();

  private final NavigableMap<DatasetId, DatasetEntry> datasets = new TreeMap<>();
  private final NavigableMap<String, DatasetEntry> names = new TreeMap<>();
  private Instant changed = Instant.EPOCH;

  private CatalogState() {}

  /**
   * Where two providers have the same dataset, that of the first counts.
   *
   * @param before the state before, whose work is used again for what has not changed
   */
  CatalogState(List<Listing> listings, CatalogState before) {
    for (Listing listing : listings) {
      for (Dataset dataset : listing.datasets()) {
        datasets.computeIfAbsent(dataset.id(), id -> before.entryOf(dataset));
      }
    }
    Set<String> ambiguous = new HashSet<>();
    for (DatasetEntry entry : datasets.values()) {
      String name = entry.dataset().head().name();
      if (entry.hasName() && names.putIfAbsent(name, entry) != null) {
        ambiguous.add(name);
      }
      changed = changed.isBefore(entry.changed()) ? entry.changed() : changed;
    }
    names.keySet().removeAll(ambiguous);
  }

  private DatasetEntry entryOf(Dataset dataset) {
    DatasetEntry known = datasets.get(dataset.id());
    return known != null && known.dataset().equals(dataset) ? known : new DatasetEntry(dataset);
  }

  Collection<DatasetEntry> datasets() {
    return Collections.unmodifiableCollection(datasets.values());
  }

  /** The names that stand for one dataset each. */
  Set<String> names() {
    return Collections.unmodifiableSet(names.keySet());
  }

  /** When anything last changed. */
  Instant changed() {
    return changed;
  }

  Optional<DatasetEntry> find(DatasetId id) {
    return Optional.ofNullable(datasets.get(id));
  }

  /** A dataset by id or by name. */
  Optional<DatasetEntry> find(String idOrName) {
    return DatasetId.isValid(idOrName)
        ? find(new DatasetId(idOrName))
        : Optional.ofNullable(names.get(idOrName));
  }

  /** The version that a reference names, as {@code <dataset id>/<version id>}. */
  Optional<Target> resolve(String reference) {
    Reference parsed;
    try {
      parsed = Reference.parse(reference);
    } catch (FsException e) {
      return Optional.empty();
    }
    return find(parsed.dataset())
        .flatMap(
            entry ->
                parsed
                    .selector()
                    .flatMap(entry::find)
                    .map(v -> new Target(entry.dataset().id() + "/" + v.id(), v.committed())));
  }

  /** Reports what is not there any longer, compared to {@code before}. */
  void reportDisappeared(CatalogState before, DisappearanceListener listener) {
    for (DatasetEntry old : before.datasets.values()) {
      DatasetId id = old.dataset().id();
      DatasetEntry now = datasets.get(id);
      if (old.equals(now)) {
        continue;
      }
      Set<String> gone = old.names();
      if (now == null) {
        listener.disappeared("/", id.value());
      } else {
        gone.removeAll(now.names());
      }
      for (String name : gone) {
        listener.disappeared("/" + id, name);
        listener.disappeared("/", id + ":" + name);
      }
    }
    before.names.forEach(
        (name, old) -> {
          DatasetEntry now = names.get(name);
          if (now == null || !now.dataset().id().equals(old.dataset().id())) {
            listener.disappeared("/", name);
          }
        });
  }

  /**
   * What a link at the top stands for.
   *
   * @param path the link's text
   * @param changed when that last changed
   */
  record Target(String path, Instant changed) {}
}
