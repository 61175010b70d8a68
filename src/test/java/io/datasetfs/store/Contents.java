package io.datasetfs.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Contents of objects for tests. */
public final class Contents {
  private Contents() {}

  /** A text as one piece. */
  public static List<ByteBuffer> pieces(String text) {
    return pieces(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Bytes as one piece. */
  public static List<ByteBuffer> pieces(byte[] content) {
    return List.of(ByteBuffer.wrap(content));
  }

  /** The text of an object. */
  public static String text(StoredObject object) {
    return new String(object.content(), StandardCharsets.UTF_8);
  }

  /** Bytes that look random and are the same for the same arguments. */
  public static byte[] random(long seed, int length) {
    byte[] content = new byte[length];
    new Random(seed).nextBytes(content);
    return content;
  }

  /** What a buffer holds from its position to its limit. */
  public static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
