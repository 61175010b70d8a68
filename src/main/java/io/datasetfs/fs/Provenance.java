package io.datasetfs.fs;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.model.DatasetHead;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.TreeSummary;
import io.datasetfs.model.UncommittedVersion;
import io.datasetfs.model.VersionRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The extended attributes that tell where data comes from. None has an empty value. */
final class Provenance {
  /** What all names begin with. */
  static final String PREFIX = "user.dsfs.";

  private final Map<String, String> values = new LinkedHashMap<>();

  private Provenance() {}

  /** Those of a dataset's directory. */
  static Map<String, String> of(Dataset dataset) {
    Provenance provenance = new Provenance();
    provenance.putDataset(dataset.head());
    provenance.put("description", dataset.head().description());
    return provenance.values;
  }

  /**
   * Those of something in a version. The dataset's name and the version's message are what they are
   * now, as far as {@code state} knows them: they may change, other than the content.
   */
  static Map<String, String> of(EntryNode node, CatalogState state) throws FsException {
    VersionContext context = node.version();
    Optional<DatasetEntry> entryNow = state.find(context.dataset().id());
    VersionRecord record =
        entryNow.flatMap(e -> e.find(context.record().id())).orElse(context.record());
    Provenance provenance = new Provenance();
    provenance.putDataset(entryNow.map(DatasetEntry::dataset).orElse(context.dataset()).head());
    provenance.put("version", record.id().value());
    provenance.put("message", record.message());
    provenance.put("committed", record.committed().toString());
    TreeEntry entry = node.load();
    if (entry instanceof TreeEntry.File file) {
      provenance.put("sha256", file.digest().toString());
    } else if (entry instanceof TreeEntry.Directory directory) {
      TreeSummary summary = directory.summary();
      provenance.put("content", summary.content().toString());
      provenance.put("files", Long.toString(summary.files()));
      provenance.put("bytes", Long.toString(summary.bytes()));
    }
    return provenance.values;
  }

  /** Those of everything in an uncommitted version. */
  static Map<String, String> of(StagedTree tree, CatalogState state) {
    Dataset dataset =
        state.find(tree.dataset().id()).map(DatasetEntry::dataset).orElse(tree.dataset());
    UncommittedVersion record =
        dataset.head().findUncommitted(tree.record().id()).orElse(tree.record());
    Provenance provenance = new Provenance();
    provenance.putDataset(dataset.head());
    provenance.put("version", record.id().value());
    provenance.put("message", record.message());
    return provenance.values;
  }

  private void putDataset(DatasetHead head) {
    put("dataset", head.id().value());
    put("dataset-name", head.name());
  }

  private void put(String name, String value) {
    if (!value.isEmpty()) {
      values.put(PREFIX + name, value);
    }
  }
}
