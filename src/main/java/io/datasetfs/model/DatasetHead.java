package io.datasetfs.model;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that changes about a dataset, in one value that is swapped as a whole.
 *
 * @param id its identity
 * @param name its name
 * @param description what its owner said about it; empty when nothing
 * @param created when it was created
 * @param writer a fresh random text of every write, by which a writer knows its own work again
 * @param sequence the last number given to a version
 * @param versions the committed versions, newest first
 * @param tags each tag's version
 * @param latest the version with the highest sequence; empty when there is none
 * @param uncommitted the versions that still take writes, newest first; no tag points to one, and
 *     none is ever {@code latest}
 */
public record DatasetHead(
    DatasetId id,
    String name,
    String description,
    Instant created,
    String writer,
    long sequence,
    List<VersionRecord> versions,
    SortedMap<String, VersionId> tags,
    Optional<VersionId> latest,
    List<UncommittedVersion> uncommitted) {
  /** Copies the collections. */
  public DatasetHead {
    Objects.requireNonNull(id);
    Objects.requireNonNull(name);
    Objects.requireNonNull(description);
    Objects.requireNonNull(created);
    Objects.requireNonNull(writer);
    Objects.requireNonNull(latest);
    versions = List.copyOf(versions);
    uncommitted = List.copyOf(uncommitted);
    tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
  }

  /** A dataset without versions. */
  public static DatasetHead empty(
      DatasetId id, String name, String description, Instant created, String writer) {
    return new DatasetHead(
        id,
        name,
        description,
        created,
        writer,
        0,
        List.of(),
        new TreeMap<>(),
        Optional.empty(),
        List.of());
  }

  /** The committed version with this id, or nothing. */
  public Optional<VersionRecord> find(VersionId version) {
    return versions.stream().filter(v -> v.id().equals(version)).findFirst();
  }

  /** The uncommitted version with this id, or nothing. */
  public Optional<UncommittedVersion> findUncommitted(VersionId version) {
    return uncommitted.stream().filter(v -> v.id().equals(version)).findFirst();
  }

  /** The uncommitted version that a selector names by its id, or nothing. */
  public Optional<UncommittedVersion> findUncommitted(String selector) {
    return VersionId.isValid(selector)
        ? findUncommitted(new VersionId(selector))
        : Optional.empty();
  }

  /** The committed version that a version id, a tag or {@code latest} names, or nothing. */
  public Optional<VersionRecord> find(String selector) {
    if (selector.equals(Names.LATEST)) {
      return latest.flatMap(this::find);
    }
    if (tags.containsKey(selector)) {
      return find(tags.get(selector));
    }
    return VersionId.isValid(selector) ? find(new VersionId(selector)) : Optional.empty();
  }

  /** The tags of a version, sorted. */
  public List<String> tagsOf(VersionId version) {
    return tags.entrySet().stream()
        .filter(e -> e.getValue().equals(version))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The same with another name and description. */
  public DatasetHead withText(String newName, String newDescription) {
    return new DatasetHead(
        id,
        newName,
        newDescription,
        created,
        writer,
        sequence,
        versions,
        tags,
        latest,
        uncommitted);
  }

  /** The same as written by another write. */
  public DatasetHead withWriter(String newWriter) {
    return new DatasetHead(
        id, name, description, created, newWriter, sequence, versions, tags, latest, uncommitted);
  }

  /** The same with other versions, newest first; {@code latest} is the first of them. */
  public DatasetHead withVersions(long newSequence, List<VersionRecord> newVersions) {
    Optional<VersionId> newest = newVersions.stream().findFirst().map(VersionRecord::id);
    return new DatasetHead(
        id,
        name,
        description,
        created,
        writer,
        newSequence,
        newVersions,
        tags,
        newest,
        uncommitted);
  }

  /** The same with other tags. */
  public DatasetHead withTags(SortedMap<String, VersionId> newTags) {
    return new DatasetHead(
        id, name, description, created, writer, sequence, versions, newTags, latest, uncommitted);
  }

  /** The same with other uncommitted versions, newest first. */
  public DatasetHead withUncommitted(List<UncommittedVersion> newUncommitted) {
    return new DatasetHead(
        id, name, description, created, writer, sequence, versions, tags, latest, newUncommitted);
  }
}
