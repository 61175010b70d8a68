package io.datasetfs.fs;

import java.time.Duration;

/**
 * How old what is shown of the catalog may be, and how long anybody waits for it to be newer.
 *
 * @param refreshAge what is older than this is read again when somebody asks, who does not wait
 * @param maxAge what is older than this is waited for
 * @param patience how long, while the provider answers as a rule
 * @param firstPatience how long for the very first answer
 * @param patienceInOutage how long once the provider has failed
 */
public record Freshness(
    Duration refreshAge,
    Duration maxAge,
    Duration patience,
    Duration firstPatience,
    Duration patienceInOutage) {
  /** News are seen within a second; nobody hangs when a provider does. */
  public static final Freshness STANDARD =
      new Freshness(
          Duration.ofMillis(300),
          Duration.ofMillis(600),
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Duration.ofMillis(50));
}
