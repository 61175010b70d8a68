package io.datasetfs.fs;

/** An open directory: one consistent listing from its opening to its closing. Thread-safe. */
public interface OpenDirectory extends AutoCloseable {
  /** Whether every listing, now and later, is the same, so that the kernel may keep it. */
  boolean immutable();

  @Override
  void close();
}
