package io.datasetfs.catalog;

import io.datasetfs.model.DatasetHead;
import io.datasetfs.model.FsException;

/** A change of a dataset's head, applied again whenever somebody else changed the head first. */
@FunctionalInterface
interface HeadChange {
  /**
   * Computes the new head. A change that is in the head already gives the same head back.
   *
   * @param head the current head
   * @param again whether an earlier try may have been carried out without our knowing: then a
   *     change that is found done was done by us
   * @throws FsException when the change is not possible
   */
  DatasetHead apply(DatasetHead head, boolean again) throws FsException;
}
