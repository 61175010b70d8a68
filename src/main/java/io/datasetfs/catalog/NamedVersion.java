package io.datasetfs.catalog;

import io.datasetfs.model.VersionId;

/** A version, committed or not, and the dataset that it belongs to. */
public sealed interface NamedVersion permits ResolvedVersion, StagedReference {
  /** The dataset as it was when it was read. */
  Dataset dataset();

  /** The version's identity within the dataset. */
  VersionId id();

  /** How users name it: by the dataset's id and the version's. */
  default String reference() {
    return dataset().reference(id());
  }
}
