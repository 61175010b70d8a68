package io.datasetfs.fs;

/**
 * An open directory. What cannot be changed by the one who lists it is one consistent listing from
 * its opening to its closing. Thread-safe.
 */
public interface OpenDirectory extends AutoCloseable {
  /** Whether every listing, now and later, is the same, so that the kernel may keep it. */
  boolean immutable();

  /**
   * Whether each part of the listing is as things are when it is asked for, and they change only by
   * operations of the mount that asks, if at all.
   */
  default boolean changesOnlyHere() {
    return immutable();
  }

  @Override
  void close();
}
