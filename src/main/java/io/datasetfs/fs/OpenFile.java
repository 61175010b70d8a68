package io.datasetfs.fs;

/**
 * An open regular file. It stays what it was when it was opened, whatever moves meanwhile.
 * Thread-safe.
 */
public interface OpenFile extends AutoCloseable {
  /** Whether the content can never change, so that the kernel may keep its pages between opens. */
  boolean immutable();

  @Override
  void close();
}
