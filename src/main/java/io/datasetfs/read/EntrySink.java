package io.datasetfs.read;

import io.datasetfs.model.FsException;

/** Takes the entries of a directory while it wants them. */
@FunctionalInterface
public interface EntrySink {
  /**
   * Takes one entry.
   *
   * @param position where a later listing goes on after this entry; greater than 0
   * @return whether to go on
   */
  boolean add(TreeItem item, long position) throws FsException;
}
