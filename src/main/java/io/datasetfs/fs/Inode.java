package io.datasetfs.fs;

/**
 * A thing in the file system, as the file system handed it out. Transports keep it and give it
 * back; they look inside only for its number.
 */
public interface Inode {
  /** The inode number: the same for the same thing in every mount, never 0. */
  long number();
}
