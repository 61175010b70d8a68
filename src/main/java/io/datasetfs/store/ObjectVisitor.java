package io.datasetfs.store;

import io.datasetfs.model.FsException;

/** Takes the objects of a listing, one at a time. */
@FunctionalInterface
public interface ObjectVisitor {
  /**
   * Takes one object.
   *
   * @throws FsException to end the listing
   */
  void visit(ObjectStat object) throws FsException;
}
