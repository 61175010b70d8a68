package io.datasetfs.commit;

import io.datasetfs.model.FsException;

/** A tree that is to be stored. */
@FunctionalInterface
interface TreeSource {
  /**
   * Gives everything to {@code intake}: the top directory with all below it, names in the order of
   * their UTF-8 bytes.
   */
  void walk(Intake intake) throws FsException;
}
