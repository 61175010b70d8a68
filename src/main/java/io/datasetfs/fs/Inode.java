package io.datasetfs.fs;

/**
 * A thing in the file system, as the file system handed it out. Transports keep it and give it
 * back. Two are equal when they are the same thing in the same place, which equal numbers alone do
 * not prove.
 */
public interface Inode {
  /** The inode number: the same for the same thing in every mount, never 0. */
  long number();

  /**
   * Whether everything about it is for ever as it is now: attributes, content, target, names in it.
   */
  boolean immutable();

  /** Whether there may be another thing in its place at any moment, without any notice. */
  default boolean isPassing() {
    return false;
  }

  /**
   * Whether everything about it changes only by operations of the mount that asks, if at all: then
   * the kernel, through which they all go, may remember it as long as it wants.
   */
  default boolean changesOnlyHere() {
    return immutable();
  }
}
