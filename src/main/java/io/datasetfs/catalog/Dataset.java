package io.datasetfs.catalog;

import io.datasetfs.model.DatasetHead;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.model.VersionId;

/**
 * A dataset as it was when it was read.
 *
 * @param provider where it is stored
 * @param head everything that changes about it
 */
public record Dataset(StorageProvider provider, DatasetHead head) {
  /** Its identity. */
  public DatasetId id() {
    return head.id();
  }

  /** How users name one of its versions. */
  public String reference(VersionId version) {
    return head.id() + ":" + version;
  }

  /** The prefix, ending in {@code /}, of the keys of all its objects. */
  public String prefix() {
    return Heads.prefix(head.id());
  }
}
