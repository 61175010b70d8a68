package io.datasetfs.fs;

import io.datasetfs.model.StorageProvider;
import java.time.Duration;

/**
 * How old what is shown of a provider's catalog may be, and how long anybody waits for it to be
 * newer.
 *
 * @param refreshAge what is older than this is read again when somebody asks, who does not wait,
 *     and in any case while the mount is in use
 * @param maxAge what is older than this is waited for
 * @param freshAge what is older than this is waited for by who lists, or does not find a name
 * @param idleAfter how long after its last use a mount counts as idle
 * @param idleAge what is older than this is read again while the mount is idle
 * @param patience how long anybody waits, while the provider answers as a rule
 * @param longPatience how long for an answer without which what is shown would be wrong, not just
 *     old: the very first one, the one after a change on this machine, the one before a name is
 *     said not to be there
 * @param patienceInOutage how long once the provider has failed
 * @param parallel how many heads are asked for at once
 */
public record Freshness(
    Duration refreshAge,
    Duration maxAge,
    Duration freshAge,
    Duration idleAfter,
    Duration idleAge,
    Duration patience,
    Duration longPatience,
    Duration patienceInOutage,
    int parallel) {
  /** For a directory of this machine: looking costs nothing, news are seen within a second. */
  public static final Freshness LOCAL =
      new Freshness(
          Duration.ofMillis(300),
          Duration.ofMillis(600),
          Duration.ofMillis(300),
          Duration.ofMinutes(2),
          Duration.ofMillis(300),
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Duration.ofMillis(50),
          1);

  /**
   * For a server far away: every look is a request for each dataset, which takes time and costs.
   */
  public static final Freshness REMOTE =
      new Freshness(
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          Duration.ofMinutes(2),
          Duration.ofSeconds(30),
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Duration.ofMillis(50),
          16);

  /** What fits a provider. */
  public static Freshness of(StorageProvider provider) {
    return provider.type().equals(StorageProvider.LOCAL) ? LOCAL : REMOTE;
  }

  /** The same with another patience for what matters. */
  Freshness withLongPatience(Duration patient) {
    return new Freshness(
        refreshAge,
        maxAge,
        freshAge,
        idleAfter,
        idleAge,
        patience,
        patient,
        patienceInOutage,
        parallel);
  }
}
