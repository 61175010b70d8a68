package io.datasetfs.daemon;

import io.datasetfs.catalog.StagedReference;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.VersionId;

/** Which version it is, whatever else is known of it. */
record VersionKey(DatasetId dataset, VersionId version) {
  static VersionKey of(StagedReference version) {
    return new VersionKey(version.dataset().id(), version.id());
  }
}
