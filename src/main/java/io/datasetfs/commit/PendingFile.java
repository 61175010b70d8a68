package io.datasetfs.commit;

/** A file whose place in the walk is known and whose content is still being worked on. */
final class PendingFile {
  private final SourceEntry source;

  /** Its key in the import cache, or {@code null} when it is not to be noted there. */
  private final byte[] cacheKey;

  /** Set by the walk before the file is handed on. */
  private boolean readInChunks;

  /** Written once, by the worker that read it. */
  private volatile FileResult result;

  PendingFile(SourceEntry source, byte[] cacheKey) {
    this.source = source;
    this.cacheKey = cacheKey;
  }

  SourceEntry source() {
    return source;
  }

  byte[] cacheKey() {
    return cacheKey;
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
