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
import java.util.concurrent.Callable;

/**
 * Reads one provider's datasets again and again. A head is fetched and parsed only when its entity
 * tag says that it is another. A head that cannot be read now stays what it was. What was read is
 * kept on disk, and is known from the beginning on. Used by one thread at a time.
 */
public final class HeadWatch {
  private final StorageProvider provider;
  private final Lister.Opener opener;
  private final KeptHeads kept;
  private final int parallel;
  private Map<DatasetId, KnownHead> known;
  private Listing last;
  private boolean swept;

  HeadWatch(StorageProvider provider, Lister.Opener opener, KeptHeads kept, int parallel) {
    this.provider = provider;
    this.opener = opener;
    this.kept = kept;
    this.parallel = parallel;
    this.known = kept.load(provider);
    this.last = listing(known, List.of());
  }

  /** The datasets as they were last read, be it by another process before this one. */
  public Listing known() {
    return last;
  }

  /**
   * The provider's datasets as they are now, and why some are as they were.
   *
   * @return the same object as before when nothing has changed
   * @throws FsException when the provider does not say what datasets there are
   */
  public Listing read() throws FsException {
    List<FsException> failures = new ArrayList<>();
    Optional<ObjectStore> store = opener.open(provider);
    Map<DatasetId, KnownHead> now =
        store.isPresent() ? read(store.get(), failures) : new HashMap<>();
    if (!swept || !now.equals(known)) {
      kept.keep(provider, known, now);
      swept = true;
    }
    if (!now.equals(known) || !failures.isEmpty() || !last.failures().isEmpty()) {
      known = now;
      last = listing(now, failures);
    }
    return last;
  }

  private static Listing listing(Map<DatasetId, KnownHead> heads, List<FsException> failures) {
    return new Listing(heads.values().stream().map(KnownHead::dataset).toList(), failures);
  }

  private Map<DatasetId, KnownHead> read(ObjectStore store, List<FsException> failures)
      throws FsException {
    List<DatasetId> ids = new ArrayList<>();
    List<Callable<Optional<KnownHead>>> questions = new ArrayList<>();
    for (String segment : store.listSegments(Heads.DATASETS)) {
      if (DatasetId.isValid(segment)) {
        DatasetId id = new DatasetId(segment);
        KnownHead before = known.get(id);
        ids.add(id);
        questions.add(() -> find(store, id, before));
      }
    }
    Map<DatasetId, KnownHead> now = new HashMap<>();
    List<Gather.Answer<Optional<KnownHead>>> answers = Gather.all(questions, parallel);
    for (int i = 0; i < ids.size(); i++) {
      DatasetId id = ids.get(i);
      Gather.Answer<Optional<KnownHead>> answer = answers.get(i);
      if (answer.failure() == null) {
        answer.value().ifPresent(found -> now.put(id, found));
      } else if (answer.failure().kind() == FailureKind.INTERRUPTED) {
        throw answer.failure();
      } else {
        failures.add(answer.failure());
        Optional.ofNullable(known.get(id)).ifPresent(before -> now.put(id, before));
      }
    }
    return now;
  }

  private Optional<KnownHead> find(ObjectStore store, DatasetId id, KnownHead before)
      throws FsException {
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
    return Optional.of(new KnownHead(object.get().entityTag(), new Dataset(provider, head)));
  }
}
