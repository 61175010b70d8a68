package io.datasetfs.staging;

import io.datasetfs.model.FsException;

/** Takes the names in a directory while it wants them. */
@FunctionalInterface
public interface NameSink {
  /**
   * Takes one name.
   *
   * @param cookie where a later listing goes on after this name; greater than 0, and good for as
   *     long as the area is open, whatever comes and goes
   * @return whether to go on
   */
  boolean add(String name, StagedInode inode, long cookie) throws FsException;
}
