package io.datasetfs.catalog;

import io.datasetfs.format.HeadCodec;
import io.datasetfs.model.DatasetHead;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.store.ObjectStore;
import io.datasetfs.store.Sleeper;
import io.datasetfs.store.StoredObject;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Reads and swaps the heads of datasets. A swap happens only if the head is still the one that it
 * was computed from; otherwise it is computed anew. No lock is held: the store decides who is
 * first.
 *
 * <p>The answer to a write can be lost, and a store that repeats a write on its own can report its
 * own first success as somebody else's. So every write carries a new writer id, and after any doubt
 * the head is read back: with one of our ids in it, we won. If somebody has written since, the
 * change itself tells whether it is in there. If nothing can be read back either, the caller is
 * told that the outcome is unknown.
 */
final class Heads {
  /** The prefix of all datasets. */
  static final String DATASETS = "datasets/";

  private static final String HEAD = "dataset.json";

  /** Every conflict means that somebody else got on, so this many is a crowd. */
  private static final int MAX_TRIES = 100;

  /** Failed tries to find out what happened, about three seconds' worth. */
  private static final int MAX_FAILURES_IN_DOUBT = 12;

  private final RandomGenerator random;
  private final Backoff backoff;

  Heads(RandomGenerator random, Sleeper sleeper) {
    this.random = random;
    this.backoff = new Backoff(random, sleeper);
  }

  static String prefix(DatasetId id) {
    return DATASETS + id + "/";
  }

  static String key(DatasetId id) {
    return prefix(id) + HEAD;
  }

  /** A text that no other write carries. */
  String newWriter() {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  Optional<DatasetHead> find(ObjectStore store, DatasetId id) throws FsException {
    Optional<StoredObject> object = store.find(key(id));
    return object.isPresent()
        ? Optional.of(decode(store, id, object.get().content()))
        : Optional.empty();
  }

  /** The head of the dataset that must be {@code id}'s. */
  static DatasetHead decode(ObjectStore store, DatasetId id, byte[] content) throws FsException {
    String location = store.location() + "/" + key(id);
    DatasetHead head = HeadCodec.decode(content, location);
    if (!head.id().equals(id)) {
      throw new FsException(
          FailureKind.CORRUPT,
          "%s is damaged: it is the head of %s".formatted(location, head.id()));
    }
    return head;
  }

  /**
   * Creates the head of a new dataset.
   *
   * @return whether it was created; not when the id is taken
   * @throws FsException STATE_UNKNOWN, and what the store throws
   */
  boolean create(ObjectStore store, DatasetHead head) throws FsException {
    List<ByteBuffer> content = List.of(ByteBuffer.wrap(HeadCodec.encode(head)));
    Optional<FsException> doubt = Optional.empty();
    for (int tries = 1; ; tries++) {
      try {
        if (store.putIfAbsent(key(head.id()), content).isPresent()) {
          return true;
        }
        Optional<DatasetHead> there = find(store, head.id());
        if (there.isPresent()) {
          return there.get().writer().equals(head.writer());
        }
      } catch (FsException e) {
        doubt = stillInDoubt(doubt, e, "creating the dataset " + head.id(), tries);
      }
      backoff.pause(tries);
    }
  }

  /**
   * Changes a head.
   *
   * @return the head with the change in it
   * @throws FsException NOT_FOUND when there is no such dataset; CONFLICT when others kept being
   *     first; STATE_UNKNOWN when the change may or may not have happened; what the change and the
   *     store throw
   */
  DatasetHead change(ObjectStore store, DatasetId id, HeadChange change) throws FsException {
    Set<String> ours = new HashSet<>();
    Optional<FsException> doubt = Optional.empty();
    int failures = 0;
    for (int tries = 1; tries <= MAX_TRIES; tries++) {
      try {
        StoredObject object = store.find(key(id)).orElseThrow(() -> notFound(id.value()));
        DatasetHead current = decode(store, id, object.content());
        if (ours.contains(current.writer())) {
          return current;
        }
        doubt = Optional.empty();
        DatasetHead changed = change.apply(current, !ours.isEmpty());
        if (changed.equals(current)) {
          return current;
        }
        DatasetHead next = changed.withWriter(newWriter());
        ours.add(next.writer());
        List<ByteBuffer> content = List.of(ByteBuffer.wrap(HeadCodec.encode(next)));
        if (store.replaceIfMatch(key(id), object.entityTag(), content).isPresent()) {
          return next;
        }
      } catch (FsException e) {
        failures++;
        doubt = stillInDoubt(doubt, e, "changing the dataset " + id, failures);
      }
      backoffInDoubt(doubt, id, tries);
    }
    throw new FsException(
        FailureKind.CONFLICT,
        "The dataset %s is being changed by too many others at once (try again)".formatted(id));
  }

  private void backoffInDoubt(Optional<FsException> doubt, DatasetId id, int tries)
      throws FsException {
    try {
      backoff.pause(tries);
    } catch (FsException e) {
      throw doubt.isPresent() ? unknown("changing the dataset " + id, e) : e;
    }
  }

  /**
   * Decides whether a failure leaves the outcome open.
   *
   * @return the doubt, when there is one and there are tries left to resolve it
   * @throws FsException the failure itself when there is no doubt, STATE_UNKNOWN when there is one
   *     and no tries are left
   */
  private static Optional<FsException> stillInDoubt(
      Optional<FsException> doubt, FsException failure, String what, int failures)
      throws FsException {
    boolean open = doubt.isPresent() || failure.kind() == FailureKind.STATE_UNKNOWN;
    if (!open) {
      throw failure;
    }
    if (failures >= MAX_FAILURES_IN_DOUBT || failure.kind() == FailureKind.INTERRUPTED) {
      throw unknown(what, failure);
    }
    return Optional.of(failure);
  }

  private static FsException unknown(String what, FsException cause) {
    return new FsException(
        FailureKind.STATE_UNKNOWN,
        "Whether %s succeeded is unknown, and nothing was deleted: %s (look before trying again)"
            .formatted(what, cause.getMessage()),
        cause);
  }

  static FsException notFound(String dataset) {
    return new FsException(
        FailureKind.NOT_FOUND,
        "Not found: dataset '%s' (see 'dsfs datasets list')".formatted(dataset));
  }
}
