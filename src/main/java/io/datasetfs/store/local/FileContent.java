package io.datasetfs.store.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;

/**
 * Whole transfers between files and heap buffers. They go in steps, since the JDK copies what it
 * transfers through native memory of the same size and keeps that for the thread: a pack written at
 * once would cost each thread 32 MiB for ever. Larger steps were not faster.
 */
final class FileContent {
  private static final int STEP = 256 * 1024;

  private FileContent() {}

  /**
   * Fills the rest of {@code target} from the file, starting at {@code offset}.
   *
   * @return whether the file was long enough
   */
  static boolean read(FileChannel file, long offset, ByteBuffer target) throws IOException {
    int start = target.position();
    int limit = target.limit();
    while (target.position() < limit) {
      target.limit(Math.min(limit, target.position() + STEP));
      int count = file.read(target, offset + (target.position() - start));
      target.limit(limit);
      if (count < 0) {
        return false;
      }
    }
    return true;
  }

  /** Appends the pieces to the file; their positions are not changed. */
  static void write(FileChannel file, List<ByteBuffer> pieces) throws IOException {
    for (ByteBuffer piece : pieces) {
      ByteBuffer rest = piece.duplicate();
      int limit = rest.limit();
      while (rest.position() < limit) {
        rest.limit(Math.min(limit, rest.position() + STEP));
        file.write(rest);
        rest.limit(limit);
      }
    }
  }
}
