package io.datasetfs.commit;

/** A file whose place in the walk is known and whose content is still being worked on. */
final class PendingFile {
  private final StorableFile source;

  /** Set by the walk before the file is handed on. */
  private boolean readInChunks;

  /** Written once, by the worker that read it. */
  private volatile FileResult result;

  PendingFile(StorableFile source) {
    this.source = source;
  }

  StorableFile source() {
    return source;
  }

  void resolve(FileResult found) {
    result = found;
  }

  FileResult result() {
    return result;
  }

  /** Whether its bytes were reported as progress already, chunk by chunk. */
  boolean wasCounted() {
    return readInChunks;
  }

  /** Says that its content comes chunk by chunk. */
  void readInChunks() {
    readInChunks = true;
  }

  /** Whether its content is known and all of it has a place. */
  boolean isReady() {
    FileResult found = result;
    return found != null && found.isReady();
  }
}
