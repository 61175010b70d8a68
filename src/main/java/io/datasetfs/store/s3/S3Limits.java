package io.datasetfs.store.s3;

import java.time.Duration;

/**
 * How much a store asks of the network, and how long it waits for it.
 *
 * @param connections most connections open at once; further calls wait for one
 * @param connect longest wait for a connection to be made, or to become free
 * @param silence longest pause in which nothing arrives
 * @param attempt longest time that one request may take; of one that moves much, longest time
 *     without a part of it being sent or received
 */
public record S3Limits(int connections, Duration connect, Duration silence, Duration attempt) {
  /** What fits a machine that reads and imports. */
  public static final S3Limits STANDARD =
      new S3Limits(64, Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(120));

  /** The same with another bound of connections. */
  public S3Limits withConnections(int most) {
    return new S3Limits(most, connect, silence, attempt);
  }
}
