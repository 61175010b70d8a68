package io.datasetfs.model;

import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * The identity of a dataset: {@code dst} and 12 characters of {@code [a-z0-9]}.
 *
 * @param value the id as users see it
 */
public record DatasetId(String value) implements Comparable<DatasetId> {
  private static final String PREFIX = "dst";
  private static final int RANDOM_LENGTH = 12;

  /**
   * Refuses a malformed id with {@link IllegalArgumentException}; user input goes through {@link
   * #isValid} first.
   */
  public DatasetId {
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
  public static DatasetId random(RandomGenerator random) {
    return new DatasetId(IdText.random(random, PREFIX, RANDOM_LENGTH));
  }

  @Override
  public int compareTo(DatasetId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
