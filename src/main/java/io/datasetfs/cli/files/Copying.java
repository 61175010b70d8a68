package io.datasetfs.cli.files;

import io.datasetfs.cli.VersionReader.ContentSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** Hands the bytes of a channel over, whole pieces of zeros as holes. */
final class Copying {
  private Copying() {}

  /**
   * Reads to the end.
   *
   * @param step the length of the pieces
   * @return the number of bytes, those of holes too
   */
  static long copy(ReadableByteChannel channel, ContentSink sink, int step) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(step);
    long total = 0;
    while (true) {
      buffer.clear();
      int count = 0;
      while (buffer.hasRemaining() && count >= 0) {
        count = channel.read(buffer);
      }
      buffer.flip();
      int length = buffer.remaining();
      if (length == 0) {
        return total;
      }
      if (isZero(buffer.array(), length)) {
        sink.hole(length);
      } else {
        sink.data(buffer);
      }
      total += length;
    }
  }

  private static boolean isZero(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
