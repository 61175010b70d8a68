package io.datasetfs.catalog;

import io.datasetfs.model.DatasetHead;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.store.ObjectStore;
import java.time.Clock;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The making of datasets, whose names are to be unique. Thread-safe. */
final class Creation {
  private static final int MAX_NAME_TRIES = 10;
  private static final int MAX_ID_TRIES = 10;

  private final Providers providers;
  private final RandomGenerator random;
  private final Clock clock;
  private final Heads heads;
  private final Backoff backoff;
  private final Nudge nudge;
  private final DatasetSearch search;
  private final Deletion deletion;

  Creation(
      Providers providers,
      RandomGenerator random,
      Clock clock,
      Heads heads,
      Backoff backoff,
      Nudge nudge,
      DatasetSearch search,
      Deletion deletion) {
    this.providers = providers;
    this.random = random;
    this.clock = clock;
    this.heads = heads;
    this.backoff = backoff;
    this.nudge = nudge;
    this.search = search;
    this.deletion = deletion;
  }

  /** As {@link Catalog#create}. */
  Dataset run(String name, StorageProvider provider, String description) throws FsException {
    Names.requireDatasetName(name);
    ObjectStore store = providers.store(provider);
    for (int tries = 1; tries <= MAX_NAME_TRIES; tries++) {
      search.requireFree(name, Optional.empty());
      Repository.createIfAbsent(store, clock);
      Dataset created = new Dataset(provider, createHead(store, name, description));
      if (search.findNamesake(name, created.id()).isEmpty()) {
        return created;
      }
      // Somebody took the same name at the same moment. Both see each other here, step back and try
      // again after pauses of different length; the store has no lock that spans two heads.
      deletion.run(created);
      backoff.pause(tries);
    }
    throw new FsException(
        FailureKind.CONFLICT,
        "Others are creating datasets named '%s' at this moment (try again)".formatted(name));
  }

  private DatasetHead createHead(ObjectStore store, String name, String description)
      throws FsException {
    for (int i = 0; i < MAX_ID_TRIES; i++) {
      DatasetHead head =
          DatasetHead.empty(
              DatasetId.random(random), name, description, clock.instant(), heads.newWriter());
      boolean created;
      try {
        created = heads.create(store, head);
      } finally {
        nudge.give();
      }
      if (created) {
        return head;
      }
    }
    throw new FsException(
        FailureKind.CONFLICT,
        "No free dataset id was found at %s (try again)".formatted(store.location()));
  }
}
