package io.datasetfs.catalog;

import io.datasetfs.model.DatasetHead;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
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
        throw new FsException(
            FailureKind.EXISTS,
            "The dataset %s has a version %s already (try again)".formatted(head.id(), draft.id()));
      }
      long sequence = head.sequence() + 1;
      List<VersionRecord> versions = new ArrayList<>();
      versions.add(draft.published(sequence, clock.instant()));
      versions.addAll(head.versions());
      DatasetHead next = head.withVersions(sequence, versions);
      return tag.isPresent() ? next.withTags(with(next.tags(), tag.get(), draft.id())) : next;
    };
  }

  static HeadChange message(VersionId version, String message) {
    return (head, again) -> {
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

  private static void require(DatasetHead head, VersionId version) throws FsException {
    if (head.find(version).isEmpty()) {
      throw versionNotFound(head.id(), version.value());
    }
  }

  static FsException versionNotFound(DatasetId dataset, String version) {
    return new FsException(
        FailureKind.NOT_FOUND,
        "Not found: version or tag '%s' of the dataset %s (see 'dsfs datasets versions list')"
            .formatted(version, dataset));
  }
}
