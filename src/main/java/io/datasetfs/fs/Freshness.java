package io.datasetfs.fs;

import java.time.Duration;

/**
 * How old what is shown of the catalog may be, and how long anybody waits for it to be newer.
 *
 * @param age what is older than this is read again when somebody asks
 * @param patience how long those who ask wait for that, while the provider answers as a rule
 * @param firstPatience how long they wait for the very first answer
 * @param patienceInOutage how long they wait once the provider has failed or kept them waiting
 */
public record Freshness(
    Duration age, Duration patience, Duration firstPatience, Duration patienceInOutage) {
  /** News are seen within a second; nobody hangs when a provider does. */
  public static final Freshness STANDARD =
      new Freshness(
          Duration.ofMillis(400),
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Duration.ofMillis(50));
}
