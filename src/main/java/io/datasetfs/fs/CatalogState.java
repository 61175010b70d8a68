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
                    .flatMap(entry::named)
                    .map(v -> new Target(entry.dataset().id() + "/" + v.id(), v.since())));
  }

  /** Reports what is not there any longer, or another thing, compared to {@code before}. */
  void reportChanges(CatalogState before, NameListener listener) {
    for (DatasetEntry old : before.datasets.values()) {
      DatasetEntry now = datasets.get(old.dataset().id());
      if (!old.equals(now)) {
        reportChanges(old, now, listener);
      }
    }
    for (DatasetId id : datasets.keySet()) {
      if (!before.datasets.containsKey(id)) {
        listener.changed("/", id.value());
      }
    }
    before.names.forEach((name, old) -> reportName(name, old, names.get(name), listener));
  }

  /** Reports what has changed in a dataset, which may be gone. */
  private static void reportChanges(DatasetEntry old, DatasetEntry now, NameListener listener) {
    DatasetId id = old.dataset().id();
    Set<String> selectors = old.names();
    if (now == null) {
      listener.changed("/", id.value());
    } else {
      selectors.addAll(now.names());
    }
    for (String selector : selectors) {
      Optional<DatasetEntry.Named> was = old.named(selector);
      if (now == null || !was.equals(now.named(selector))) {
        listener.changed("/" + id, selector);
        listener.changed("/", id + ":" + selector);
        listener.changed("/", old.dataset().head().name() + ":" + selector);
      }
    }
  }

  /** Reports a name at the top that stood for a dataset. */
  private static void reportName(
      String name, DatasetEntry old, DatasetEntry now, NameListener listener) {
    if (now == null || !now.dataset().id().equals(old.dataset().id())) {
      listener.changed("/", name);
      old.names().forEach(selector -> listener.changed("/", name + ":" + selector));
    } else if (!now.changed().equals(old.changed())) {
      listener.changed("/", name); // the link is as old as the dataset's last change
    }
  }

  /**
   * What a link at the top stands for.
   *
   * @param path the link's text
   * @param changed when that last changed
   */
  record Target(String path, Instant changed) {}
}
