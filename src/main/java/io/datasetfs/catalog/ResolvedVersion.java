package io.datasetfs.catalog;

import io.datasetfs.model.VersionId;
import io.datasetfs.model.VersionRecord;

/**
 * A committed version and the dataset that it belongs to.
 *
 * @param dataset the dataset as it was when it was read
 * @param version one of its versions
 */
public record ResolvedVersion(Dataset dataset, VersionRecord version) implements NamedVersion {
  @Override
  public VersionId id() {
    return version.id();
  }
}
