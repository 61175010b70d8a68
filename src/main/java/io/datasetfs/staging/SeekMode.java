package io.datasetfs.staging;

/** What {@code lseek} looks for. */
public enum SeekMode {
  /** Bytes: SEEK_DATA. */
  DATA(3),
  /** A hole, the end of the file being one: SEEK_HOLE. */
  HOLE(4);

  private final int whence;

  SeekMode(int whence) {
    this.whence = whence;
  }

  int whence() {
    return whence;
  }
}
