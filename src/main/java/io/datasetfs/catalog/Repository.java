package io.datasetfs.catalog;

import io.datasetfs.format.RepositoryFormat;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.store.ObjectStore;
import io.datasetfs.store.StoredObject;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * The format of a whole store: checked before anything else in it is touched, written at its first
 * use.
 */
public final class Repository {
  private Repository() {}

  /**
   * Reads the format of a store.
   *
   * @return nothing when the store has never been used
   * @throws FsException NEWER_FORMAT when only a newer release can read the store; CORRUPT
   */
  public static Optional<RepositoryFormat> find(ObjectStore store) throws FsException {
    Optional<StoredObject> object = store.find(RepositoryFormat.KEY);
    return object.isPresent()
        ? Optional.of(
            RepositoryFormat.decode(
                object.get().content(), store.location() + "/" + RepositoryFormat.KEY))
        : Optional.empty();
  }

  /**
   * Reads the format of a store, and writes the current one first when the store has never been
   * used. Of several that do so at once, one writes and all read the same.
   *
   * @throws FsException as {@link #find}, and what the store throws
   */
  public static RepositoryFormat createIfAbsent(ObjectStore store, Clock clock) throws FsException {
    Optional<RepositoryFormat> known = find(store);
    if (known.isPresent()) {
      return known.get();
    }
    RepositoryFormat created = RepositoryFormat.current(clock.instant());
    List<ByteBuffer> content = List.of(ByteBuffer.wrap(created.encode()));
    try {
      if (store.putIfAbsent(RepositoryFormat.KEY, content).isPresent()) {
        return created;
      }
    } catch (FsException e) {
      if (e.kind() != FailureKind.STATE_UNKNOWN) {
        throw e;
      }
      return find(store).orElseThrow(() -> e);
    }
    return find(store)
        .orElseThrow(
            () ->
                new FsException(
                    FailureKind.CONFLICT,
                    "%s: %s appeared and vanished again (try again)"
                        .formatted(store.location(), RepositoryFormat.KEY)));
  }
}
