package io.datasetfs.read;

import io.datasetfs.model.Extent;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.TreeEntry.FileContent;
import java.nio.ByteBuffer;

/** Reads one file of a committed version. Thread-safe. */
public final class FileReader implements AutoCloseable {
  private static final byte[] ZEROS = new byte[64 << 10];

  private final TreeEntry.File file;
  private final FileExtents extents;
  private final BlockSource blocks;
  private final FileAhead ahead;

  FileReader(TreeEntry.File file, FileExtents extents, BlockSource blocks, FileAhead ahead) {
    this.file = file;
    this.extents = extents;
    this.blocks = blocks;
    this.ahead = ahead;
  }

  /** What is read. */
  public TreeEntry.File file() {
    return file;
  }

  /**
   * Reads into {@code target} from its position, up to its limit or the end of the file, and
   * advances the position.
   *
   * @param offset first byte wanted; at or behind the end nothing is read
   * @return the number of bytes read; less than asked for only at the end of the file
   * @throws FsException CORRUPT, UNAVAILABLE, IO, INTERRUPTED; the position is then where it was
   */
  public int read(long offset, ByteBuffer target) throws FsException {
    if (offset < 0) {
      throw new FsException(FailureKind.INVALID, "a file has no byte " + offset);
    }
    int length = (int) Math.max(0, Math.min(target.remaining(), file.size() - offset));
    if (length == 0) {
      return 0;
    }
    if (file.content() instanceof FileContent.Inline inline) {
      target.put(inline.bytes(), (int) offset, length);
      return length;
    }
    ahead.read(offset, length);
    int begin = target.position();
    try {
      fill(offset, length, target);
    } catch (FsException e) {
      target.position(begin);
      throw e;
    }
    return length;
  }

  private void fill(long offset, int length, ByteBuffer target) throws FsException {
    long at = offset;
    long end = offset + length;
    while (at < end) {
      FileExtents.Located located = extents.locate(at);
      long within = at - located.start();
      int count = (int) Math.min(end - at, located.end() - at);
      if (located.extent() instanceof Extent.Stored stored) {
        blocks.read(stored.block(), stored.offset() + (int) within, count, target);
      } else {
        putZeros(target, count);
      }
      at += count;
    }
  }

  private static void putZeros(ByteBuffer target, int count) {
    for (int left = count; left > 0; left -= ZEROS.length) {
      target.put(ZEROS, 0, Math.min(left, ZEROS.length));
    }
  }

  static FsException uncovered(long offset) {
    return new FsException(
        FailureKind.CORRUPT, "malformed: no extent covers byte %d of a file".formatted(offset));
  }

  /** Stops loading ahead. */
  @Override
  public void close() {
    ahead.close();
  }
}
