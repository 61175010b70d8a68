package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;

/**
 * Finds the bytes and holes of an open file; committed bytes count as data. Called with the lock of
 * the {@link ContentFile}.
 */
final class Seeking {
  private final ContentFile file;
  private final NativeFile content;

  /**
   * @param content the content file, or {@code null}: then all that is not committed is one hole
   */
  Seeking(ContentFile file, NativeFile content) {
    this.file = file;
    this.content = content;
  }

  /** As {@link Content#seek}. */
  long run(SeekMode mode, long offset) throws FsException {
    if (offset < 0 || offset >= file.size()) {
      throw new FsException(FailureKind.NO_DATA, "behind the end of the file");
    }
    return mode == SeekMode.DATA ? seekData(offset) : seekHole(offset);
  }

  private long seekData(long offset) throws FsException {
    if (file.committedEnd(offset) > offset) {
      return offset;
    }
    if (content == null) {
      throw new FsException(FailureKind.NO_DATA, "no bytes up to the end of the file");
    }
    long end = file.ownEnd(offset);
    try {
      return Math.min(end, content.seek(SeekMode.DATA, offset));
    } catch (FsException e) {
      if (e.kind() != FailureKind.NO_DATA || end >= file.size()) {
        throw e;
      }
      return end;
    }
  }

  private long seekHole(long offset) throws FsException {
    long at = offset;
    while (at < file.size()) {
      long committedEnd = file.committedEnd(at);
      if (committedEnd > at) {
        at = committedEnd;
        continue;
      }
      if (content == null) {
        return at;
      }
      long end = file.ownEnd(at);
      long hole = content.seek(SeekMode.HOLE, at);
      if (hole < end) {
        return Math.min(hole, file.size());
      }
      at = end;
    }
    return file.size();
  }
}
