package io.datasetfs.cli.versions;

import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.catalog.StagedReference;
import io.datasetfs.cli.JsonText;
import io.datasetfs.model.DatasetHead;
import io.datasetfs.model.TreeSummary;
import io.datasetfs.model.UncommittedVersion;
import io.datasetfs.model.VersionRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is told about a version. */
final class VersionFields {
  private VersionFields() {}

  static String tags(ResolvedVersion version) {
    return String.join(", ", version.dataset().head().tagsOf(version.version().id()));
  }

  static Map<String, Object> json(ResolvedVersion resolved) {
    DatasetHead head = resolved.dataset().head();
    VersionRecord version = resolved.version();
    TreeSummary summary = version.tree().summary();
    return JsonText.object(
        "id",
        resolved.reference(),
        "message",
        version.message(),
        "committed",
        true,
        "tags",
        head.tagsOf(version.id()),
        "latest",
        head.latest().equals(Optional.of(version.id())),
        "sequence",
        version.sequence(),
        "parent",
        version.parent().map(resolved.dataset()::reference),
        "files",
        summary.files(),
        "bytes",
        summary.bytes(),
        "content",
        summary.content().toString(),
        "createdAt",
        version.created(),
        "committedAt",
        version.committed());
  }

  static Map<String, Object> json(StagedReference staged) {
    UncommittedVersion version = staged.version();
    return JsonText.object(
        "id",
        staged.reference(),
        "message",
        version.message(),
        "committed",
        false,
        "tags",
        List.of(),
        "latest",
        false,
        "parent",
        version.base().map(staged.dataset()::reference),
        "node",
        version.node(),
        "createdAt",
        version.created());
  }
}
