package io.datasetfs.catalog;

import io.datasetfs.model.FsException;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.store.ObjectStore;

/** Opens the stores of storage providers. */
@FunctionalInterface
public interface StoreFactory {
  /**
   * Opens a provider's store. Does no remote I/O.
   *
   * @return the store, to be closed by the caller
   * @throws FsException UNSUPPORTED when the provider's type is not known to this release; INVALID
   *     when its settings are; others when a local directory can't be used
   */
  ObjectStore open(StorageProvider provider) throws FsException;
}
