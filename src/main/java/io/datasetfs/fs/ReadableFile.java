package io.datasetfs.fs;

import io.datasetfs.model.FsException;
import io.datasetfs.staging.SeekMode;
import java.nio.ByteBuffer;

/** An open file of {@link DatasetFileSystem}. */
sealed interface ReadableFile extends OpenFile permits OpenVersionFile, OpenStagedFile {
  /** As {@link FileSystem#read}. */
  int read(long offset, ByteBuffer target) throws FsException;

  /** As {@link FileSystem#seek}. */
  long seek(long offset, SeekMode mode) throws FsException;
}
