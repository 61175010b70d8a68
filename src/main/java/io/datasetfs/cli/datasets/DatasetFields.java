package io.datasetfs.cli.datasets;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.cli.JsonText;
import java.util.Map;

/** What is told about a dataset. */
final class DatasetFields {
  private DatasetFields() {}

  static Map<String, Object> json(Dataset dataset) {
    return JsonText.object(
        "id",
        dataset.id().value(),
        "name",
        dataset.head().name(),
        "description",
        dataset.head().description(),
        "storageProvider",
        JsonText.object("id", dataset.provider().id().value(), "name", dataset.provider().name()),
        "created",
        dataset.head().created(),
        "latest",
        dataset.head().latest().map(v -> v.value()));
  }
}
