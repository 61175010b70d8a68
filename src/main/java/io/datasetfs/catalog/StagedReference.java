package io.datasetfs.catalog;

import io.datasetfs.model.UncommittedVersion;
import io.datasetfs.model.VersionId;

/**
 * An uncommitted version, as the head tells it, and the dataset that it belongs to.
 *
 * @param dataset the dataset as it was when it was read
 * @param version one of its uncommitted versions
 */
public record StagedReference(Dataset dataset, UncommittedVersion version) implements NamedVersion {
  @Override
  public VersionId id() {
    return version.id();
  }
}
