package io.datasetfs.cli;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.model.FsException;
import io.datasetfs.store.ObjectStore;

/** Opens readers. */
@FunctionalInterface
public interface VersionReaders {
  /**
   * Opens a reader of a dataset's versions.
   *
   * @param dataset the dataset
   * @param store its store, not to be closed
   */
  VersionReader open(Dataset dataset, ObjectStore store) throws FsException;
}
