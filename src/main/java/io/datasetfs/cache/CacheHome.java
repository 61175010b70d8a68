package io.datasetfs.cache;

import io.datasetfs.model.FsException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The directory of a cache that is open, as long as it can be had. It is made again after it has
 * vanished. Thread-safe; its own lock guards the session.
 */
final class CacheHome implements AutoCloseable {
  private final CacheDirectory directory;
  private final Troubles troubles;
  private final FreeSpace space;
  private WriteSession session;
  private boolean closed;
  private volatile int generation;
  private volatile boolean readable;

  CacheHome(CacheDirectory directory, Troubles troubles, FreeSpace space) {
    this.directory = directory;
    this.troubles = troubles;
    this.space = space;
  }

  CacheDirectory directory() {
    return directory;
  }

  Troubles troubles() {
    return troubles;
  }

  FreeSpace space() {
    return space;
  }

  /** How often the directory was made ready; 0 when it never was. */
  int generation() {
    return generation;
  }

  /** Whether the directory was fit when last looked at; writing is another matter. */
  boolean readable() {
    return readable;
  }

  /**
   * Makes the directory ready, if it is not.
   *
   * @throws FsException when it cannot be used
   */
  synchronized void prepare() throws FsException {
    if (closed) {
      throw new IllegalStateException("the cache is closed: " + directory.root());
    }
    if (session != null && session.stands()) {
      return;
    }
    abandon();
    readable = false;
    directory.prepare();
    readable = true;
    try {
      session = WriteSession.begin(directory.temporary());
    } catch (IOException e) {
      throw FsException.from(directory.temporary().toString(), e);
    }
    generation++;
  }

  /**
   * A name for a new temporary file.
   *
   * @throws FsException when the directory cannot be used
   */
  synchronized Path nextTemporary() throws FsException {
    if (session == null) {
      prepare();
    }
    return session.nextTemporary();
  }

  private void abandon() {
    if (session != null) {
      session.close();
      session = null;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    abandon();
  }
}
