package io.datasetfs.model;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** File names between their two forms: UTF-8 bytes, which order and identify them, and text. */
public final class Utf8 {
  private Utf8() {}

  /** The UTF-8 form of {@code text}, which must be {@linkplain #isEncodable encodable}. */
  public static byte[] encode(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Whether {@code text} has a UTF-8 form, that is, holds no lone surrogate. */
  public static boolean isEncodable(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  /**
   * The text of UTF-8 bytes.
   *
   * @throws FsException {@link FailureKind#ILLEGAL_NAME} when they are not valid UTF-8
   */
  public static String decode(byte[] bytes) throws FsException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      throw new FsException(
          FailureKind.ILLEGAL_NAME,
          "not valid UTF-8: '%s'"
              .formatted(Names.printable(new String(bytes, StandardCharsets.UTF_8))),
          e);
    }
  }

  /**
   * The order of names within a directory: by unsigned UTF-8 bytes. It differs from {@link
   * String#compareTo} above the basic multilingual plane.
   */
  public static int compare(byte[] a, byte[] b) {
    return Arrays.compareUnsigned(a, b);
  }
}
