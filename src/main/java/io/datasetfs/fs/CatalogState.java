package io.datasetfs.fs;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.Listing;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import io.datasetfs.model.Reference;
import io.datasetfs.model.VersionId;
import io.datasetfs.model.VersionRecord;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** All datasets of all providers at one moment. Immutable. */
final class CatalogState {
  private final NavigableMap<DatasetId, Dataset> datasets = new TreeMap<>();
  private final NavigableMap<String, DatasetId> names = new TreeMap<>();

  /** Where two providers have the same dataset, that of the first counts. */
  CatalogState(List<Listing> listings) {
    for (Listing listing : listings) {
      listing.datasets().forEach(d -> datasets.putIfAbsent(d.id(), d));
    }
    Set<String> ambiguous = new HashSet<>();
    for (Dataset dataset : datasets.values()) {
      String name = dataset.head().name();
      if (isName(name) && names.putIfAbsent(name, dataset.id()) != null) {
        ambiguous.add(name);
      }
    }
    names.keySet().removeAll(ambiguous);
  }

  /** Heads are written by others, too: what cannot be a name in a directory is not shown. */
  private static boolean isName(String text) {
    try {
      Names.requireDatasetName(text);
      return true;
    } catch (FsException e) {
      return false;
    }
  }

  Collection<Dataset> datasets() {
    return Collections.unmodifiableCollection(datasets.values());
  }

  /** The names that stand for one dataset each. */
  NavigableMap<String, DatasetId> names() {
    return Collections.unmodifiableNavigableMap(names);
  }

  Optional<Dataset> find(DatasetId id) {
    return Optional.ofNullable(datasets.get(id));
  }

  /** A dataset by id or by name. */
  Optional<Dataset> find(String idOrName) {
    if (DatasetId.isValid(idOrName)) {
      return find(new DatasetId(idOrName));
    }
    return Optional.ofNullable(names.get(idOrName)).map(datasets::get);
  }

  /** The version that a reference names, as {@code <dataset id>/<version id>}. */
  Optional<Target> resolve(String reference) {
    try {
      Reference parsed = Reference.parse(reference);
      Dataset dataset = find(parsed.dataset()).orElse(null);
      if (dataset == null || parsed.selector().isEmpty()) {
        return Optional.empty();
      }
      return dataset
          .head()
          .find(parsed.selector().get())
          .map(v -> new Target(dataset.id() + "/" + v.id(), v.committed()));
    } catch (FsException e) {
      return Optional.empty();
    }
  }

  /** The names in a dataset's directory that are links to versions, sorted. */
  static NavigableMap<String, VersionId> links(Dataset dataset) {
    NavigableMap<String, VersionId> links = new TreeMap<>();
    dataset
        .head()
        .tags()
        .forEach(
            (tag, version) -> {
              if (isName(tag)) {
                links.put(tag, version);
              }
            });
    dataset.head().latest().ifPresent(version -> links.put(Names.LATEST, version));
    return links;
  }

  /** When a dataset last changed, as far as its head tells. */
  static Instant changed(Dataset dataset) {
    Instant changed = dataset.head().created();
    for (VersionRecord version : dataset.head().versions()) {
      changed = changed.isBefore(version.committed()) ? version.committed() : changed;
    }
    return changed;
  }

  /** Reports what is not there any longer, compared to {@code before}. */
  void reportDisappeared(CatalogState before, DisappearanceListener listener) {
    for (Dataset old : before.datasets.values()) {
      Dataset now = datasets.get(old.id());
      if (old.equals(now)) {
        continue;
      }
      Set<String> gone = selectors(old);
      if (now == null) {
        listener.disappeared("/", old.id().value());
      } else {
        gone.removeAll(selectors(now));
      }
      for (String selector : gone) {
        listener.disappeared("/" + old.id(), selector);
        listener.disappeared("/", old.id() + ":" + selector);
      }
    }
    before.names.forEach(
        (name, id) -> {
          if (!id.equals(names.get(name))) {
            listener.disappeared("/", name);
          }
        });
  }

  private static Set<String> selectors(Dataset dataset) {
    Set<String> selectors = new LinkedHashSet<>(links(dataset).keySet());
    dataset.head().versions().forEach(v -> selectors.add(v.id().value()));
    return selectors;
  }

  /**
   * What a link at the top stands for.
   *
   * @param path the link's text
   * @param changed when that last changed
   */
  record Target(String path, Instant changed) {}
}
