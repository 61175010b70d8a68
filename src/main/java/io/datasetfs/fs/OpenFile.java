package io.datasetfs.fs;

/**
 * An open regular file. It stays the file that it was when it was opened, whatever is renamed or
 * removed meanwhile. Thread-safe.
 */
public interface OpenFile extends AutoCloseable {
  /** Whether the content can never change. */
  boolean immutable();

  /** Whether the content changes only by operations of the mount that asks, if at all. */
  default boolean changesOnlyHere() {
    return immutable();
  }

  /** Whether {@link FileChanges#flush} wants to be told of closed descriptors. */
  default boolean wantsFlush() {
    return false;
  }

  @Override
  void close();
}
