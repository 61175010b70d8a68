package io.datasetfs.fuse;

import com.kenai.jffi.MemoryIO;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Utf8;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Texts on their way from and to C. They are UTF-8 always, whatever the JVM takes for its default
 * charset: under a C locale that would turn every letter beyond ASCII into a question mark.
 */
public final class CStrings {
  private static final MemoryIO MEMORY = MemoryIO.getInstance();

  private CStrings() {}

  /** The bytes before the terminating 0. */
  public static byte[] bytesAt(long address) {
    byte[] bytes = new byte[Math.toIntExact(MEMORY.indexOf(address, (byte) 0))];
    MEMORY.getByteArray(address, bytes, 0, bytes.length);
    return bytes;
  }

  /**
   * The text of UTF-8 bytes.
   *
   * @throws FsException ILLEGAL_NAME when they are not valid UTF-8
   */
  public static String decode(byte[] bytes) throws FsException {
    for (byte b : bytes) {
      if (b < 0) {
        return Utf8.decode(bytes);
      }
    }
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  /** The text at an address, for people: what is not valid is replaced. */
  static String shown(long address) {
    return address == 0 ? "?" : new String(bytesAt(address), StandardCharsets.UTF_8);
  }

  /** A text with the 0 byte that C wants at its end. */
  public static byte[] terminated(String text) {
    byte[] bytes = Utf8.encode(text);
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  /** A path with the 0 byte that C wants at its end. */
  public static byte[] terminated(Path path) {
    return terminated(path.toString());
  }
}
