package io.datasetfs.staging;

import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FsException;
import io.datasetfs.model.VersionId;

/** Finds the committed versions that areas lie over. */
@FunctionalInterface
public interface BaseSource {
  /** For areas that lie over nothing. */
  BaseSource NONE =
      (dataset, version) -> {
        throw new IllegalStateException("no base was expected");
      };

  /**
   * Opens a committed version.
   *
   * @throws FsException NOT_FOUND when there is none, or what looking for it met
   */
  BaseVersion open(DatasetId dataset, VersionId version) throws FsException;
}
