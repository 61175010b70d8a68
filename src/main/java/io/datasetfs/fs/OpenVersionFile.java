package io.datasetfs.fs;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.read.FileReader;
import io.datasetfs.staging.SeekMode;
import java.nio.ByteBuffer;

/**
 * An open file of a committed version.
 *
 * @param reader reads it
 */
record OpenVersionFile(FileReader reader) implements ReadableFile {
  @Override
  public boolean immutable() {
    return true;
  }

  @Override
  public int read(long offset, ByteBuffer target) throws FsException {
    return reader.read(offset, target);
  }

  /** It is all data, as far as anybody is told. */
  @Override
  public long seek(long offset, SeekMode mode) throws FsException {
    long size = reader.file().size();
    if (offset < 0 || offset >= size) {
      throw new FsException(FailureKind.NO_DATA, "nothing comes behind " + offset);
    }
    return mode == SeekMode.DATA ? offset : size;
  }

  @Override
  public void close() {
    reader.close();
  }
}
