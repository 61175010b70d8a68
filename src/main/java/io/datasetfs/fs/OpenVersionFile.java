package io.datasetfs.fs;

import io.datasetfs.read.FileReader;

/**
 * An open file of a committed version.
 *
 * @param reader reads it
 */
record OpenVersionFile(FileReader reader) implements OpenFile {
  @Override
  public boolean immutable() {
    return true;
  }

  @Override
  public void close() {
    reader.close();
  }
}
