package io.datasetfs.model;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * The identity of a pack: 128 bits drawn at random when the pack is begun, so that pages can point
 * into a pack that is still being filled. What a pack holds is identified and verified by the
 * digests of its blocks.
 *
 * @param high the first 64 bits
 * @param low the last 64 bits
 */
public record PackId(long high, long low) {
  /** Length in bytes. */
  public static final int LENGTH = 16;

  /**
   * A new id drawn from {@code random}, which must be cryptographically strong: ids must never
   * meet.
   */
  public static PackId random(RandomGenerator random) {
    return new PackId(random.nextLong(), random.nextLong());
  }

  /** Whether {@code text} is an id as {@link #toString} writes it. */
  public static boolean isValid(String text) {
    return text.length() == 2 * LENGTH
        && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  /**
   * The id written as 32 hexadecimal digits.
   *
   * @throws IllegalArgumentException when it is not
   */
  public static PackId parse(String text) {
    if (!isValid(text)) {
      throw new IllegalArgumentException("malformed pack id: " + text);
    }
    return new PackId(
        HexFormat.fromHexDigitsToLong(text, 0, 16), HexFormat.fromHexDigitsToLong(text, 16, 32));
  }

  /** The id as 32 lower-case hexadecimal digits. */
  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }
}
