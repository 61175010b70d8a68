package io.datasetfs.model;

import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * The identity of a storage provider: {@code spl} and 12 characters of {@code [a-z0-9]}.
 *
 * @param value the id as users see it
 */
public record ProviderId(String value) implements Comparable<ProviderId> {
  private static final String PREFIX = "spl";
  private static final int RANDOM_LENGTH = 12;

  /**
   * Refuses a malformed id with {@link IllegalArgumentException}; user input goes through {@link
   * #isValid} first.
   */
  public ProviderId {
    Objects.requireNonNull(value);
    if (!isValid(value)) {
      throw new IllegalArgumentException("malformed id: " + value);
    }
  }

  /** Whether {@code text} has the shape of such an id. */
  public static boolean isValid(String text) {
    return IdText.matches(text, PREFIX, RANDOM_LENGTH);
  }

  /** A new id drawn from {@code random}. */
  public static ProviderId random(RandomGenerator random) {
    return new ProviderId(IdText.random(random, PREFIX, RANDOM_LENGTH));
  }

  @Override
  public int compareTo(ProviderId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
