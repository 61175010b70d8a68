package io.datasetfs.catalog;

import io.datasetfs.model.DatasetHead;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import io.datasetfs.model.UncommittedVersion;
import io.datasetfs.model.VersionId;
import io.datasetfs.model.VersionRecord;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The changes that heads undergo. Each can be applied again after any doubt. */
final class HeadEdits {
  private HeadEdits() {}

  /** Adds a version, in front of the others; with its tag in the same step. */
  static HeadChange publish(VersionRecord draft, Optional<String> tag, Clock clock) {
    return (head, again) -> {
      Optional<VersionRecord> there = head.find(draft.id());
      if (there.isPresent()) {
        if (again && there.get().tree().equals(draft.tree())) {
          return head;
        }
        throw taken(head, draft.id());
      }
      if (head.findUncommitted(draft.id()).isPresent()) {
        throw taken(head, draft.id());
      }
      return withCommitted(head, draft, tag, clock);
    };
  }

  /** Turns an uncommitted version into a committed one, in front of the others; with its tag. */
  static HeadChange commit(VersionRecord draft, Optional<String> tag, Clock clock) {
    return (head, again) -> {
      Optional<VersionRecord> there = head.find(draft.id());
      if (there.isPresent()) {
        if (again && there.get().tree().equals(draft.tree())) {
          return head;
        }
        throw committed(head, draft.id());
      }
      requireUncommitted(head, draft.id());
      return withCommitted(without(head, draft.id()), draft, tag, clock);
    };
  }

  private static DatasetHead withCommitted(
      DatasetHead head, VersionRecord draft, Optional<String> tag, Clock clock) {
    long sequence = head.sequence() + 1;
    List<VersionRecord> versions = new ArrayList<>();
    versions.add(draft.published(sequence, clock.instant()));
    versions.addAll(head.versions());
    DatasetHead next = head.withVersions(sequence, versions);
    return tag.isPresent() ? next.withTags(with(next.tags(), tag.get(), draft.id())) : next;
  }

  /** Adds an uncommitted version, in front of the others. */
  static HeadChange stage(UncommittedVersion version) {
    return (head, again) -> {
      Optional<UncommittedVersion> there = head.findUncommitted(version.id());
      if (again && there.equals(Optional.of(version))) {
        return head;
      }
      if (there.isPresent() || head.find(version.id()).isPresent()) {
        throw taken(head, version.id());
      }
      if (version.base().isPresent()) {
        require(head, version.base().get());
      }
      List<UncommittedVersion> all = new ArrayList<>();
      all.add(version);
      all.addAll(head.uncommitted());
      return head.withUncommitted(all);
    };
  }

  /** Removes an uncommitted version. */
  static HeadChange unstage(VersionId version) {
    return (head, again) -> {
      if (head.find(version).isPresent()) {
        throw committed(head, version);
      }
      if (again && head.findUncommitted(version).isEmpty()) {
        return head;
      }
      requireUncommitted(head, version);
      return without(head, version);
    };
  }

  static HeadChange message(VersionId version, String message) {
    return (head, again) -> {
      if (head.findUncommitted(version).isPresent()) {
        return head.withUncommitted(
            head.uncommitted().stream()
                .map(v -> v.id().equals(version) ? v.withMessage(message) : v)
                .toList());
      }
      require(head, version);
      List<VersionRecord> versions =
          head.versions().stream()
              .map(v -> v.id().equals(version) ? v.withMessage(message) : v)
              .toList();
      return head.withVersions(head.sequence(), versions);
    };
  }

  static HeadChange delete(VersionId version) {
    return (head, again) -> {
      if (again && head.find(version).isEmpty()) {
        return head;
      }
      require(head, version);
      List<String> tags = head.tagsOf(version);
      if (!tags.isEmpty()) {
        throw new FsException(
            FailureKind.BUSY,
            "The version %s:%s has tags: %s (delete or move them first)"
                .formatted(head.id(), version, String.join(", ", tags)));
      }
      Optional<UncommittedVersion> onTop =
          head.uncommitted().stream()
              .filter(v -> v.base().equals(Optional.of(version)))
              .findFirst();
      if (onTop.isPresent()) {
        throw new FsException(
            FailureKind.BUSY,
            "The version %s:%s is what the uncommitted version %s:%s on the node %s started from"
                    .formatted(
                        head.id(),
                        version,
                        head.id(),
                        onTop.get().id(),
                        Names.printable(onTop.get().node()))
                + " (commit or delete that first)");
      }
      List<VersionRecord> versions =
          head.versions().stream().filter(v -> !v.id().equals(version)).toList();
      return head.withVersions(head.sequence(), versions);
    };
  }

  static HeadChange setTag(String tag, VersionId version) {
    return (head, again) -> {
      require(head, version);
      return head.withTags(with(head.tags(), tag, version));
    };
  }

  static HeadChange removeTag(String tag) {
    return (head, again) -> {
      if (!head.tags().containsKey(tag)) {
        if (again) {
          return head;
        }
        throw new FsException(
            FailureKind.NOT_FOUND,
            "Not found: tag '%s' of the dataset %s (see 'dsfs datasets tags list')"
                .formatted(Names.printable(tag), head.id()));
      }
      SortedMap<String, VersionId> tags = new TreeMap<>(head.tags());
      tags.remove(tag);
      return head.withTags(tags);
    };
  }

  private static SortedMap<String, VersionId> with(
      SortedMap<String, VersionId> tags, String tag, VersionId version) {
    SortedMap<String, VersionId> next = new TreeMap<>(tags);
    next.put(tag, version);
    return next;
  }

  private static DatasetHead without(DatasetHead head, VersionId version) {
    return head.withUncommitted(
        head.uncommitted().stream().filter(v -> !v.id().equals(version)).toList());
  }

  private static FsException taken(DatasetHead head, VersionId version) {
    return new FsException(
        FailureKind.EXISTS,
        "The dataset %s has a version %s already (try again)".formatted(head.id(), version));
  }

  private static FsException committed(DatasetHead head, VersionId version) {
    return new FsException(
        FailureKind.READ_ONLY,
        "The version %s:%s has been committed meanwhile (look with 'dsfs datasets versions details')"
            .formatted(head.id(), version));
  }

  private static void requireUncommitted(DatasetHead head, VersionId version) throws FsException {
    if (head.findUncommitted(version).isEmpty()) {
      throw versionNotFound(head.id(), version.value());
    }
  }

  private static void require(DatasetHead head, VersionId version) throws FsException {
    if (head.findUncommitted(version).isPresent()) {
      throw notCommitted(head.id() + ":" + version);
    }
    if (head.find(version).isEmpty()) {
      throw versionNotFound(head.id(), version.value());
    }
  }

  static FsException notCommitted(String reference) {
    return new FsException(
        FailureKind.UNSUPPORTED,
        "%s is not committed (commit it first with 'dsfs datasets versions commit')"
            .formatted(reference));
  }

  static FsException versionNotFound(DatasetId dataset, String version) {
    return new FsException(
        FailureKind.NOT_FOUND,
        "Not found: version or tag '%s' of the dataset %s (see 'dsfs datasets versions list')"
            .formatted(version, dataset));
  }
}
