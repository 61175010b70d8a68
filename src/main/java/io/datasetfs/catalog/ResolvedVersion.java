package io.datasetfs.catalog;

import io.datasetfs.model.VersionRecord;

/**
 * A version and the dataset that it belongs to.
 *
 * @param dataset the dataset as it was when it was read
 * @param version one of its versions
 */
public record ResolvedVersion(Dataset dataset, VersionRecord version) {
  /** How users name it: by the dataset's id and the version's. */
  public String reference() {
    return dataset.reference(version.id());
  }
}
