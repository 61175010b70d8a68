package io.datasetfs.read;

import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;

/** Takes the entries of a tree, one at a time. */
@FunctionalInterface
public interface TreeVisitor {
  /**
   * Takes one entry.
   *
   * @param path its path below where the walk began, without a leading slash
   * @throws FsException to end the walk
   */
  void visit(String path, TreeEntry entry) throws FsException;

  /**
   * Told when a directory cannot be read on. Ends the walk unless overridden.
   *
   * @param path the directory's path, empty where the walk began
   */
  default void failed(String path, FsException failure) throws FsException {
    throw failure;
  }
}
