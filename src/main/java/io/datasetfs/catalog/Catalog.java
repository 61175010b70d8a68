package io.datasetfs.catalog;

import io.datasetfs.format.RepositoryFormat;
import io.datasetfs.model.DatasetHead;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import io.datasetfs.model.Reference;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.model.VersionId;
import io.datasetfs.model.VersionRecord;
import io.datasetfs.store.ObjectStore;
import io.datasetfs.store.Sleeper;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * The datasets of all storage providers.
 *
 * <p>A dataset's name is unique among the providers of whoever gives it. Two that are renamed to it
 * at the same moment, or that get it at providers that don't see each other, may collide. Then the
 * name is refused as ambiguous, with the ids, until one of the datasets is renamed.
 *
 * <p>Safe for use by several threads; holds no lock while it waits for a store.
 */
public final class Catalog {
  private static final int MAX_NAME_TRIES = 10;
  private static final int MAX_ID_TRIES = 10;

  /** Where one deletion fails, no more than these are tried. */
  private static final int DELETED_TOGETHER = 256;

  private final Providers providers;
  private final RandomGenerator random;
  private final Clock clock;
  private final Heads heads;
  private final Backoff backoff;
  private final Nudge nudge;
  private final Set<StorageProvider> checked = ConcurrentHashMap.newKeySet();

  /**
   * @param providers where datasets are
   * @param random draws ids and pauses; safe for use by several threads
   * @param clock tells the times that are stored; they order nothing
   * @param sleeper waits between tries
   * @param nudge told of every change
   */
  public Catalog(
      Providers providers, RandomGenerator random, Clock clock, Sleeper sleeper, Nudge nudge) {
    this.providers = providers;
    this.random = random;
    this.clock = clock;
    this.heads = new Heads(random, sleeper);
    this.backoff = new Backoff(random, sleeper);
    this.nudge = nudge;
  }

  /** A catalog whose changes nobody is told of. */
  public Catalog(Providers providers, RandomGenerator random, Clock clock, Sleeper sleeper) {
    this(providers, random, clock, sleeper, Nudge.NONE);
  }

  /** What is told of every change that this user makes on this machine. */
  public Nudge nudge() {
    return nudge;
  }

  /** The storage providers that this looks at. */
  public Providers providers() {
    return providers;
  }

  /**
   * The store that holds a dataset's objects; shared, not to be closed.
   *
   * @throws FsException as {@link Providers#store}
   */
  public ObjectStore store(Dataset dataset) throws FsException {
    return providers.store(dataset.provider());
  }

  /**
   * All datasets that can be read now. A provider that does not answer hides only its own.
   *
   * @throws FsException when the configuration cannot be read; INTERRUPTED
   */
  public Listing list() throws FsException {
    return Lister.list(providers.list(), this::openStore, heads);
  }

  /**
   * Reads a provider's datasets again and again, each only when it has changed.
   *
   * @param kept keeps what was read
   * @param parallel how many heads to ask for at once
   */
  public HeadWatch watch(StorageProvider provider, KeptHeads kept, int parallel) {
    return new HeadWatch(provider, this::openStore, kept, parallel);
  }

  /**
   * A dataset by id.
   *
   * @return nothing when no provider has it
   * @throws FsException UNAVAILABLE and others when no provider that answers has it and one does
   *     not answer
   */
  public Optional<Dataset> find(DatasetId id) throws FsException {
    FsException failure = null;
    for (StorageProvider provider : providers.list()) {
      try {
        Optional<ObjectStore> store = openStore(provider);
        Optional<DatasetHead> head =
            store.isPresent() ? heads.find(store.get(), id) : Optional.empty();
        if (head.isPresent()) {
          return Optional.of(new Dataset(provider, head.get()));
        }
      } catch (FsException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return Optional.empty();
  }

  /**
   * Reads a dataset again.
   *
   * @return nothing when it has been deleted
   */
  public Optional<Dataset> refresh(Dataset dataset) throws FsException {
    return heads.find(store(dataset), dataset.id()).map(h -> new Dataset(dataset.provider(), h));
  }

  /**
   * A dataset by id or name.
   *
   * @throws FsException NOT_FOUND; INVALID when several datasets have the name; as {@link #find}
   */
  public Dataset require(String idOrName) throws FsException {
    if (DatasetId.isValid(idOrName)) {
      return find(new DatasetId(idOrName)).orElseThrow(() -> Heads.notFound(idOrName));
    }
    Listing listing = list();
    List<Dataset> named =
        listing.datasets().stream().filter(d -> d.head().name().equals(idOrName)).toList();
    if (named.size() > 1) {
      throw new FsException(
          FailureKind.INVALID,
          "The dataset name '%s' is ambiguous (use one of the ids %s)"
              .formatted(
                  Names.printable(idOrName),
                  String.join(", ", named.stream().map(d -> d.id().value()).toList())));
    }
    if (named.isEmpty()) {
      throw listing.failures().isEmpty()
          ? Heads.notFound(Names.printable(idOrName))
          : listing.failures().get(0);
    }
    return named.get(0);
  }

  /**
   * The version that a reference names.
   *
   * @param reference with a version id, a tag or {@code latest}
   * @throws FsException NOT_FOUND; INVALID when it names no version; as {@link #require}
   */
  public ResolvedVersion resolve(Reference reference) throws FsException {
    String selector =
        reference
            .selector()
            .orElseThrow(
                () ->
                    new FsException(
                        FailureKind.INVALID,
                        "'%s' names no version (ex: dst364npcw6ccok:fo5rp4m)"
                            .formatted(Names.printable(reference.toString()))));
    Dataset dataset = require(reference.dataset());
    return dataset
        .head()
        .find(selector)
        .map(v -> new ResolvedVersion(dataset, v))
        .orElseThrow(
            () ->
                selector.equals(Names.LATEST)
                    ? new FsException(
                        FailureKind.NOT_FOUND,
                        "Not found: the dataset %s has no committed version yet (make one with"
                                .formatted(dataset.id())
                            + " 'dsfs datasets versions create')")
                    : HeadEdits.versionNotFound(dataset.id(), Names.printable(selector)));
  }

  /**
   * Creates a dataset.
   *
   * @param description empty for none
   * @throws FsException EXISTS when the name is taken; INVALID when it is no name; NEWER_FORMAT;
   *     what the store throws
   */
  public Dataset create(String name, StorageProvider provider, String description)
      throws FsException {
    Names.requireDatasetName(name);
    ObjectStore store = providers.store(provider);
    for (int tries = 1; tries <= MAX_NAME_TRIES; tries++) {
      requireFree(name, Optional.empty());
      Repository.createIfAbsent(store, clock);
      Dataset created = new Dataset(provider, createHead(store, name, description));
      if (findNamesake(name, created.id()).isEmpty()) {
        return created;
      }
      // Somebody took the same name at the same moment. Both see each other here, step back and try
      // again after pauses of different length; the store has no lock that spans two heads.
      delete(created);
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

  /**
   * Changes a dataset's name or description. What is not given stays.
   *
   * @throws FsException EXISTS, INVALID, NOT_FOUND, CONFLICT, STATE_UNKNOWN
   */
  public Dataset update(Dataset dataset, Optional<String> name, Optional<String> description)
      throws FsException {
    if (name.isPresent()) {
      Names.requireDatasetName(name.get());
      requireFree(name.get(), Optional.of(dataset.id()));
    }
    return change(
        dataset,
        (head, again) ->
            head.withText(name.orElse(head.name()), description.orElse(head.description())));
  }

  /**
   * Deletes a dataset: first its head, so that nobody sees half of it, then its objects. When it is
   * interrupted after the first step, {@link #sweep} does the rest.
   */
  public void delete(Dataset dataset) throws FsException {
    ObjectStore store = store(dataset);
    try {
      store.delete(Heads.key(dataset.id()));
    } finally {
      nudge.give();
    }
    deleteObjects(store, dataset.id());
  }

  /**
   * Removes what an interrupted {@link #delete} left.
   *
   * @param id a dataset without a head
   * @return whether there was anything
   */
  public boolean sweep(DatasetId id) throws FsException {
    boolean any = false;
    for (StorageProvider provider : providers.list()) {
      Optional<ObjectStore> store = openStore(provider);
      if (store.isPresent() && store.get().stat(Heads.key(id)).isEmpty()) {
        any |= deleteObjects(providers.store(provider), id);
      }
    }
    return any;
  }

  /**
   * If a dataset was deleted while something was stored for it, what was stored is nobody's, and
   * removed.
   *
   * @param reason what made the caller ask; hears of a failure here
   */
  public void sweepIfDeleted(Dataset dataset, FsException reason) {
    try {
      if (refresh(dataset).isEmpty()) {
        deleteObjects(store(dataset), dataset.id());
      }
    } catch (FsException e) {
      reason.addSuppressed(e);
    }
  }

  private static boolean deleteObjects(ObjectStore store, DatasetId id) throws FsException {
    List<Callable<Boolean>> deletions = new ArrayList<>();
    store.list(Heads.prefix(id), object -> deletions.add(() -> store.delete(object.key())));
    for (int i = 0; i < deletions.size(); i += DELETED_TOGETHER) {
      int end = Math.min(deletions.size(), i + DELETED_TOGETHER);
      for (Gather.Answer<Boolean> one : Gather.all(deletions.subList(i, end), Gather.MANY)) {
        if (one.failure() != null) {
          throw one.failure();
        }
      }
    }
    return !deletions.isEmpty();
  }

  /**
   * Publishes a version: it becomes {@code latest}. Every object that it names must have been
   * stored and confirmed before.
   *
   * @param draft the version, whose sequence and time of commit are given here
   * @param tag a tag that is to point to it from the same moment
   * @return the version as published, in the dataset as it then was
   * @throws FsException EXISTS when another version has the id; NOT_FOUND when the dataset was
   *     deleted; CONFLICT; STATE_UNKNOWN when it may or may not have happened: then nothing that
   *     the version names may be deleted
   */
  public ResolvedVersion publish(Dataset dataset, VersionRecord draft, Optional<String> tag)
      throws FsException {
    if (tag.isPresent()) {
      Names.requireTagName(tag.get());
    }
    Dataset after = change(dataset, HeadEdits.publish(draft, tag, clock));
    VersionRecord published =
        after
            .head()
            .find(draft.id())
            .orElseThrow(() -> HeadEdits.versionNotFound(dataset.id(), draft.id().value()));
    return new ResolvedVersion(after, published);
  }

  /** A version id that the dataset, as it was read, doesn't have. */
  public VersionId newVersionId(Dataset dataset) {
    VersionId id = VersionId.random(random);
    while (dataset.head().find(id).isPresent()) {
      id = VersionId.random(random);
    }
    return id;
  }

  /** Changes a version's message. */
  public Dataset updateMessage(Dataset dataset, VersionId version, String message)
      throws FsException {
    return change(dataset, HeadEdits.message(version, message));
  }

  /**
   * Deletes a version; {@code latest} then is the one published before it, if it was the latest.
   *
   * @throws FsException BUSY when tags point to it, naming them; NOT_FOUND
   */
  public Dataset deleteVersion(Dataset dataset, VersionId version) throws FsException {
    return change(dataset, HeadEdits.delete(version));
  }

  /**
   * Points a tag to a version, wherever it pointed before.
   *
   * @throws FsException INVALID when it is no tag; NOT_FOUND when there is no such version
   */
  public Dataset setTag(Dataset dataset, String tag, VersionId version) throws FsException {
    Names.requireTagName(tag);
    return change(dataset, HeadEdits.setTag(tag, version));
  }

  /**
   * Removes a tag.
   *
   * @throws FsException NOT_FOUND when there is none
   */
  public Dataset removeTag(Dataset dataset, String tag) throws FsException {
    return change(dataset, HeadEdits.removeTag(tag));
  }

  private Dataset change(Dataset dataset, HeadChange change) throws FsException {
    ObjectStore store = store(dataset);
    try {
      DatasetHead head = heads.change(store, dataset.id(), change);
      return new Dataset(dataset.provider(), head);
    } finally {
      // Also after a failure: what was asked for may have happened.
      nudge.give();
    }
  }

  private void requireFree(String name, Optional<DatasetId> owner) throws FsException {
    Optional<Dataset> other = findNamesake(name, owner.orElse(null));
    if (other.isPresent()) {
      throw new FsException(
          FailureKind.EXISTS,
          "The dataset name '%s' is taken by %s (choose another name)"
              .formatted(name, other.get().id()));
    }
  }

  /** Another dataset than {@code owner}, which may be {@code null}, that has the name. */
  private Optional<Dataset> findNamesake(String name, DatasetId owner) throws FsException {
    return list().datasets().stream()
        .filter(other -> other.head().name().equals(name) && !other.id().equals(owner))
        .findFirst();
  }

  /** Opens a store whose format is known, or nothing when it has never been used. */
  private Optional<ObjectStore> openStore(StorageProvider provider) throws FsException {
    // whoever looks for something here has others to look at, or will look again
    ObjectStore store = providers.store(provider).impatient();
    if (checked.contains(provider)) {
      return Optional.of(store);
    }
    if (Repository.find(store).isPresent()) {
      checked.add(provider);
      return Optional.of(store);
    }
    if (!store.listSegments(Heads.DATASETS).isEmpty()) {
      throw new FsException(
          FailureKind.CORRUPT,
          "%s is damaged: it has datasets, but no %s (restore it from another repository)"
              .formatted(store.location(), RepositoryFormat.KEY));
    }
    return Optional.empty();
  }
}
