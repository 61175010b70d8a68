package io.datasetfs.faults;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * How long a body is.
 *
 * @param length its bytes; 0 if they are not known before
 * @param framing who tells its end
 */
record Body(long length, Framing framing) {
  enum Framing {
    LENGTH,
    CHUNKS,
    END_OF_CONNECTION
  }

  private static final int BUFFER = 64 << 10;

  static Body ofRequest(HttpHead head) {
    return of(head).orElse(new Body(0, Framing.LENGTH));
  }

  static Body ofAnswer(String method, HttpHead head) {
    int status = head.status();
    if (method.equals("HEAD") || status == 204 || status == 304 || status < 200) {
      return new Body(0, Framing.LENGTH);
    }
    return of(head).orElse(new Body(0, Framing.END_OF_CONNECTION));
  }

  private static Optional<Body> of(HttpHead head) {
    if (head.says("transfer-encoding", "chunked")) {
      return Optional.of(new Body(0, Framing.CHUNKS));
    }
    return head.header("content-length").map(n -> new Body(Long.parseLong(n), Framing.LENGTH));
  }

  /** Whether the connection is of use after it. */
  boolean ends() {
    return framing != Framing.END_OF_CONNECTION;
  }

  /** Copies the body with its framing. */
  void copy(InputStream from, OutputStream to) throws IOException {
    switch (framing) {
      case LENGTH -> copy(from, to, length);
      case CHUNKS -> copyChunks(from, to);
      case END_OF_CONNECTION -> from.transferTo(to);
    }
  }

  private static void copy(InputStream from, OutputStream to, long bytes) throws IOException {
    byte[] buffer = new byte[(int) Math.min(BUFFER, bytes)];
    long left = bytes;
    while (left > 0) {
      int n = from.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (n < 0) {
        throw new EOFException("a body that is too short");
      }
      to.write(buffer, 0, n);
      left -= n;
    }
  }

  private static void copyChunks(InputStream from, OutputStream to) throws IOException {
    while (true) {
      String size = copyLine(from, to);
      long length = Long.parseLong(size.split(";", 2)[0].strip(), 16);
      if (length == 0) {
        while (!copyLine(from, to).isEmpty()) {
          // trailers
        }
        return;
      }
      copy(from, to, length);
      copyLine(from, to);
    }
  }

  private static String copyLine(InputStream from, OutputStream to) throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      int b = from.read();
      if (b < 0) {
        throw new EOFException("a body that is too short");
      }
      line.append((char) b);
      if (b == '\n') {
        to.write(line.toString().getBytes(StandardCharsets.ISO_8859_1));
        return line.toString().strip();
      }
    }
  }
}
