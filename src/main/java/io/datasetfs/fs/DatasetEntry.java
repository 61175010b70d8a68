package io.datasetfs.fs;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import io.datasetfs.model.UncommittedVersion;
import io.datasetfs.model.VersionId;
import io.datasetfs.model.VersionRecord;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A dataset as the file system shows it, indexed: a head may have ten thousand versions. */
final class DatasetEntry {
  private static final String STAGED = ":staged";

  private final Dataset dataset;
  private final Map<VersionId, VersionRecord> versions = new HashMap<>();
  private final Map<VersionId, UncommittedVersion> uncommitted = new LinkedHashMap<>();
  private final NavigableMap<String, VersionRecord> links = new TreeMap<>();
  private final Instant changed;

  DatasetEntry(Dataset dataset) {
    this.dataset = dataset;
    Instant newest = dataset.head().created();
    for (VersionRecord version : dataset.head().versions()) {
      versions.put(version.id(), version);
      newest = newest.isBefore(version.committed()) ? version.committed() : newest;
    }
    for (UncommittedVersion version : dataset.head().uncommitted()) {
      uncommitted.put(version.id(), version);
      newest = newest.isBefore(version.created()) ? version.created() : newest;
    }
    this.changed = newest;
    dataset.head().tags().forEach(this::addLink);
    dataset.head().latest().ifPresent(v -> links.put(Names.LATEST, versions.get(v)));
  }

  private void addLink(String tag, VersionId version) {
    if (isName(tag, Names::requireTagName) && versions.containsKey(version)) {
      links.put(tag, versions.get(version));
    }
  }

  /** Whether the dataset's name can be shown. */
  boolean hasName() {
    return isName(dataset.head().name(), Names::requireDatasetName);
  }

  /** Heads are written by others, too: what cannot be a name in a directory is not shown. */
  private static boolean isName(String text, Rule rule) {
    try {
      rule.require(text);
      return true;
    } catch (FsException e) {
      return false;
    }
  }

  Dataset dataset() {
    return dataset;
  }

  Optional<UncommittedVersion> findUncommitted(VersionId version) {
    return Optional.ofNullable(uncommitted.get(version));
  }

  Optional<VersionRecord> find(VersionId version) {
    return Optional.ofNullable(versions.get(version));
  }

  /** The version that a version id, a tag or {@code latest} names. */
  Optional<VersionRecord> find(String selector) {
    return VersionId.isValid(selector)
        ? find(new VersionId(selector))
        : Optional.ofNullable(links.get(selector));
  }

  /**
   * What a version's directory of before its commit is called while the kernel is made to forget
   * it: no tag can be called so.
   */
  static String stagedName(VersionId version) {
    return version + STAGED;
  }

  /**
   * The version that a link leads to: a tag, {@code latest}, or what is not listed, the name that a
   * committed version's directory had when it was forgotten. Who was below it then, is told so by
   * {@code getcwd}.
   */
  Optional<VersionRecord> linked(String name) {
    VersionRecord listed = links.get(name);
    if (listed != null || !name.endsWith(STAGED)) {
      return Optional.ofNullable(listed);
    }
    String id = name.substring(0, name.length() - STAGED.length());
    return VersionId.isValid(id) ? find(new VersionId(id)) : Optional.empty();
  }

  /** What a version id, a tag or {@code latest} names, committed or not. */
  Optional<Named> named(String selector) {
    Optional<Named> committed =
        find(selector).map(version -> new Named(version.id(), true, version.committed()));
    if (committed.isPresent() || !VersionId.isValid(selector)) {
      return committed;
    }
    return findUncommitted(new VersionId(selector))
        .map(version -> new Named(version.id(), false, version.created()));
  }

  /**
   * A version that something names.
   *
   * @param isCommitted whether it takes no changes
   * @param since since when it is what it is
   */
  record Named(VersionId id, boolean isCommitted, Instant since) {}

  /** The versions that are not committed, in the order of the head. */
  Collection<UncommittedVersion> uncommitted() {
    return Collections.unmodifiableCollection(uncommitted.values());
  }

  /** The names that are links to versions: the tags and {@code latest}. */
  NavigableMap<String, VersionRecord> links() {
    return Collections.unmodifiableNavigableMap(links);
  }

  /** When the dataset last changed, as far as its head tells. */
  Instant changed() {
    return changed;
  }

  /** All names in the dataset's directory. */
  Set<String> names() {
    Set<String> names = new LinkedHashSet<>(links.keySet());
    versions.keySet().forEach(v -> names.add(v.value()));
    uncommitted.keySet().forEach(v -> names.add(v.value()));
    return names;
  }

  private interface Rule {
    String require(String text) throws FsException;
  }
}
