package io.datasetfs.fs;

/** An open directory: one consistent listing from its opening to its closing. Thread-safe. */
public interface OpenDirectory extends AutoCloseable {
  @Override
  void close();
}
