package io.datasetfs.faults;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The first line and the headers of a request or an answer, as they came.
 *
 * @param raw all bytes up to and with the empty line
 */
record HttpHead(byte[] raw) {
  private static final int MOST = 64 << 10;

  /**
   * Reads a head, byte for byte, so that nothing of the body is taken.
   *
   * @return nothing when the stream ends before it begins
   * @throws EOFException when it ends in its middle
   */
  static Optional<HttpHead> read(InputStream in) throws IOException {
    byte[] bytes = new byte[2048];
    int length = 0;
    while (true) {
      int b = in.read();
      if (b < 0) {
        if (length == 0) {
          return Optional.empty();
        }
        throw new EOFException("a head that ends in its middle");
      }
      if (length == bytes.length) {
        if (length == MOST) {
          throw new IOException("a head that does not end");
        }
        bytes = Arrays.copyOf(bytes, 2 * length);
      }
      bytes[length++] = (byte) b;
      if (b == '\n' && length >= 4 && bytes[length - 3] == '\n' && bytes[length - 2] == '\r') {
        return Optional.of(new HttpHead(Arrays.copyOf(bytes, length)));
      }
    }
  }

  private String text() {
    return new String(raw, StandardCharsets.ISO_8859_1);
  }

  /** A word of the first line, 0 being the first. */
  String word(int index) {
    String text = text();
    return text.substring(0, text.indexOf("\r\n")).split(" ", 3)[index];
  }

  /** The status of an answer. */
  int status() {
    return Integer.parseInt(word(1));
  }

  /** A header's value by its name in lower case. */
  Optional<String> header(String name) {
    return text()
        .lines()
        .skip(1)
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst();
  }

  /** Whether a header is there and says this, in whatever case. */
  boolean says(String name, String value) {
    return header(name).filter(value::equalsIgnoreCase).isPresent();
  }
}
