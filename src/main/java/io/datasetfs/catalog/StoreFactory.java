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

  /**
   * Opens the store of a provider that may be used for the first time: makes the directory of a
   * local one when it is missing. {@link #open} does not: a directory that is gone may be a disk
   * that is not mounted, and what is then written in its place is lost from sight when it is.
   *
   * @throws FsException as {@link #open}
   */
  default ObjectStore create(StorageProvider provider) throws FsException {
    return open(provider);
  }

  /**
   * Proves that the store of a provider that is new, or has new settings, does what is asked of a
   * store, before anything is kept there.
   *
   * @param provider with its keys, if it was given some
   * @return the provider with its settings in their final form, and what was found out
   * @throws FsException when the store can't be used, with the reason
   */
  default StorageProvider prove(StorageProvider provider) throws FsException {
    return provider;
  }
}
