package io.datasetfs.staging;

import io.datasetfs.model.FsException;
import io.datasetfs.read.FileReader;
import java.nio.ByteBuffer;

/**
 * Reads an open file: run by run, each of which is in the content file or in the committed one.
 * Thread-safe; nothing is read from far away under the lock of the {@link ContentFile}.
 */
final class Reading {
  private final ContentFile file;

  Reading(ContentFile file) {
    this.file = file;
  }

  /** As {@link Content#read}. */
  int read(long offset, ByteBuffer target, FileReader reader) throws FsException {
    int length = (int) Math.max(0, Math.min(target.remaining(), file.size() - offset));
    if (length == 0) {
      return 0;
    }
    int limit = target.limit();
    int begin = target.position();
    try {
      target.limit(begin + length);
      NativeFile content = file.find();
      if (!file.isOverBase()) {
        return readOwn(content, target, offset);
      }
      while (target.hasRemaining()) {
        if (readRun(offset + target.position() - begin, target, reader) == 0) {
          break;
        }
      }
      return target.position() - begin;
    } catch (FsException e) {
      target.position(begin);
      throw e;
    } finally {
      target.limit(limit);
    }
  }

  /** Reads bytes that are in one place. */
  private int readRun(long at, ByteBuffer target, FileReader reader) throws FsException {
    int limit = target.limit();
    try {
      file.lock().readLock().lock();
      try {
        long end = file.committedEnd(at);
        if (end <= at) {
          long own = Math.min(target.remaining(), file.ownEnd(at) - at);
          target.limit(target.position() + (int) own);
          return readOwn(file.find(), target, at);
        }
        target.limit(target.position() + (int) Math.min(target.remaining(), end - at));
      } finally {
        file.lock().readLock().unlock();
      }
      return reader.read(at, target);
    } finally {
      target.limit(limit);
    }
  }

  /**
   * Reads bytes of the content file, which is made as long as the file is only to be changed. There
   * is none where the machine went down after the row was safe and before that was.
   */
  private int readOwn(NativeFile content, ByteBuffer target, long at) throws FsException {
    int begin = target.position();
    if (content != null) {
      content.read(target, at);
    }
    while ((content == null || !file.isWritable()) && target.hasRemaining()) {
      target.put((byte) 0);
    }
    return target.position() - begin;
  }
}
