package io.datasetfs.cli.versions;

import io.datasetfs.catalog.Catalog;
import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Reference;

/** What to do when something failed with an uncommitted version: it may be one no longer. */
final class SecondLook {
  private SecondLook() {}

  /**
   * The version, if it has been committed meanwhile.
   *
   * @throws FsException {@code failure} if it has not, or if that cannot be told
   */
  static ResolvedVersion committed(Catalog catalog, Reference reference, FsException failure)
      throws FsException {
    switch (failure.kind()) {
      case READ_ONLY, NOT_FOUND, BUSY, STALE -> {
        try {
          if (catalog.resolveAny(reference) instanceof ResolvedVersion committed) {
            return committed;
          }
        } catch (FsException e) {
          failure.addSuppressed(e);
        }
      }
      default -> {}
    }
    throw failure;
  }
}
