package io.datasetfs.catalog;

import io.datasetfs.model.DatasetHead;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.store.ObjectStat;
import io.datasetfs.store.ObjectStore;
import io.datasetfs.store.StoredObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads one provider's datasets again and again. A head is fetched and parsed only when its entity
 * tag says that it is another. A head that cannot be read now stays what it was. Used by one thread
 * at a time.
 */
public final class HeadWatch {
  private final StorageProvider provider;
  private final Lister.Opener opener;
  private Map<DatasetId, Known> known = Map.of();
  private Listing last = new Listing(List.of(), List.of());

  HeadWatch(StorageProvider provider, Lister.Opener opener) {
    this.provider = provider;
    this.opener = opener;
  }

  /**
   * The provider's datasets as they are now, and why some are as they were.
   *
   * @return the same object as before when nothing has changed
   * @throws FsException when the provider does not say what datasets there are
   */
  public Listing read() throws FsException {
    Map<DatasetId, Known> now = new HashMap<>();
    List<FsException> failures = new ArrayList<>();
    Optional<ObjectStore> store = opener.open(provider);
    if (store.isPresent()) {
      for (String segment : store.get().listSegments(Heads.DATASETS)) {
        if (DatasetId.isValid(segment)) {
          DatasetId id = new DatasetId(segment);
          findAgain(store.get(), id, failures).ifPresent(found -> now.put(id, found));
        }
      }
    }
    if (!now.equals(known) || !failures.isEmpty() || !last.failures().isEmpty()) {
      known = now;
      last = new Listing(now.values().stream().map(Known::dataset).toList(), failures);
    }
    return last;
  }

  private Optional<Known> findAgain(ObjectStore store, DatasetId id, List<FsException> failures)
      throws FsException {
    Known before = known.get(id);
    try {
      return find(store, id, before);
    } catch (FsException e) {
      if (e.kind() == FailureKind.INTERRUPTED) {
        throw e;
      }
      failures.add(e);
      return Optional.ofNullable(before);
    }
  }

  private Optional<Known> find(ObjectStore store, DatasetId id, Known before) throws FsException {
    String key = Heads.key(id);
    if (before != null) {
      Optional<ObjectStat> stat = store.stat(key);
      if (stat.isEmpty()) {
        return Optional.empty();
      }
      if (stat.get().entityTag().equals(before.entityTag())) {
        return Optional.of(before);
      }
    }
    Optional<StoredObject> object = store.find(key);
    if (object.isEmpty()) {
      return Optional.empty();
    }
    DatasetHead head = Heads.decode(store, id, object.get().content());
    return Optional.of(new Known(object.get().entityTag(), new Dataset(provider, head)));
  }

  private record Known(String entityTag, Dataset dataset) {}
}
