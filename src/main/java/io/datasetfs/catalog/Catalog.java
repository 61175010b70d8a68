package io.datasetfs.catalog;

import io.datasetfs.model.DatasetHead;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import io.datasetfs.model.Reference;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.model.UncommittedVersion;
import io.datasetfs.model.VersionId;
import io.datasetfs.model.VersionRecord;
import io.datasetfs.store.ObjectStore;
import io.datasetfs.store.Sleeper;
import java.time.Clock;
import java.util.Optional;
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
  private final Providers providers;
  private final RandomGenerator random;
  private final Clock clock;
  private final Heads heads;
  private final Nudge nudge;
  private final KnownStores stores;
  private final DatasetSearch search;
  private final Creation creation;
  private final Deletion deletion;

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
    this.nudge = nudge;
    this.stores = new KnownStores(providers);
    this.search = new DatasetSearch(providers, stores, heads);
    this.deletion = new Deletion(providers, stores, heads, nudge);
    Backoff backoff = new Backoff(random, sleeper);
    this.creation = new Creation(providers, random, clock, heads, backoff, nudge, search, deletion);
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
    return search.list();
  }

  /**
   * Reads a provider's datasets again and again, each only when it has changed.
   *
   * @param kept keeps what was read
   * @param parallel how many heads to ask for at once
   */
  public HeadWatch watch(StorageProvider provider, KeptHeads kept, int parallel) {
    return new HeadWatch(provider, stores::open, kept, parallel);
  }

  /**
   * A dataset by id.
   *
   * @return nothing when no provider has it
   * @throws FsException UNAVAILABLE and others when no provider that answers has it and one does
   *     not answer
   */
  public Optional<Dataset> find(DatasetId id) throws FsException {
    return search.find(id);
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
    return search.require(idOrName);
  }

  /**
   * The committed version that a reference names.
   *
   * @param reference with a version id, a tag or {@code latest}
   * @throws FsException NOT_FOUND; INVALID when it names no version; UNSUPPORTED when the version
   *     is not committed; as {@link #require}
   */
  public ResolvedVersion resolve(Reference reference) throws FsException {
    return search.resolve(reference);
  }

  /**
   * The version that a reference names, committed or not. Tags and {@code latest} only ever name
   * committed ones.
   *
   * @param reference with a version id, a tag or {@code latest}
   * @throws FsException NOT_FOUND; INVALID when it names no version; as {@link #require}
   */
  public NamedVersion resolveAny(Reference reference) throws FsException {
    return search.resolveAny(reference);
  }

  /**
   * The version of a dataset, as it was read, that a version id, a tag or {@code latest} names.
   *
   * @throws FsException NOT_FOUND
   */
  public static NamedVersion find(Dataset dataset, String selector) throws FsException {
    return DatasetSearch.find(dataset, selector);
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
    return creation.run(name, provider, description);
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
      search.requireFree(name.get(), Optional.of(dataset.id()));
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
    deletion.run(dataset);
  }

  /**
   * Removes what an interrupted {@link #delete} left.
   *
   * @param id a dataset without a head
   * @return whether there was anything
   */
  public boolean sweep(DatasetId id) throws FsException {
    return deletion.sweep(id);
  }

  /**
   * If a dataset was deleted while something was stored for it, what was stored is nobody's, and
   * removed.
   *
   * @param reason what made the caller ask; hears of a failure here
   */
  public void sweepIfDeleted(Dataset dataset, FsException reason) {
    deletion.sweepIfDeleted(dataset, reason);
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
    return published(change(dataset, HeadEdits.publish(draft, tag, clock)), draft);
  }

  private static ResolvedVersion published(Dataset after, VersionRecord draft) throws FsException {
    VersionRecord published =
        after
            .head()
            .find(draft.id())
            .orElseThrow(() -> HeadEdits.versionNotFound(after.id(), draft.id().value()));
    return new ResolvedVersion(after, published);
  }

  /**
   * Says that there is a new uncommitted version. Its files must be there before.
   *
   * @param id as {@link #newVersionId} gave it
   * @param message empty for none
   * @param base the committed version that it starts from
   * @param node the node that has its files
   * @return the version, in the dataset as it then was
   * @throws FsException EXISTS when another version has the id; NOT_FOUND when the dataset or the
   *     base was deleted; CONFLICT; STATE_UNKNOWN when it may or may not have happened: then the
   *     files may not be deleted
   */
  public StagedReference stage(
      Dataset dataset, VersionId id, String message, Optional<VersionId> base, String node)
      throws FsException {
    UncommittedVersion version = new UncommittedVersion(id, message, clock.instant(), base, node);
    return new StagedReference(change(dataset, HeadEdits.stage(version)), version);
  }

  /**
   * Commits an uncommitted version: its record becomes that of a committed version, which becomes
   * {@code latest}. Every object that it names must have been stored and confirmed before.
   *
   * @param draft the version, with the id that it has; its sequence and time of commit are given
   *     here
   * @param tag a tag that is to point to it from the same moment
   * @return the version as published, in the dataset as it then was
   * @throws FsException READ_ONLY when somebody else has committed it; NOT_FOUND when it or the
   *     dataset was deleted; CONFLICT; STATE_UNKNOWN when it may or may not have happened: then
   *     nothing that the version names may be deleted, nor its files
   */
  public ResolvedVersion commit(Dataset dataset, VersionRecord draft, Optional<String> tag)
      throws FsException {
    if (tag.isPresent()) {
      Names.requireTagName(tag.get());
    }
    return published(change(dataset, HeadEdits.commit(draft, tag, clock)), draft);
  }

  /**
   * Deletes an uncommitted version's record. Its files are the caller's to delete, after this.
   *
   * @throws FsException READ_ONLY when it has been committed; NOT_FOUND
   */
  public Dataset unstage(Dataset dataset, VersionId version) throws FsException {
    return change(dataset, HeadEdits.unstage(version));
  }

  /** A version id that the dataset, as it was read, doesn't have. */
  public VersionId newVersionId(Dataset dataset) {
    VersionId id = VersionId.random(random);
    while (dataset.head().find(id).isPresent() || dataset.head().findUncommitted(id).isPresent()) {
      id = VersionId.random(random);
    }
    return id;
  }

  /** Changes the message of a version, committed or not. */
  public Dataset updateMessage(Dataset dataset, VersionId version, String message)
      throws FsException {
    return change(dataset, HeadEdits.message(version, message));
  }

  /**
   * Deletes a committed version; {@code latest} then is the one published before it, if it was the
   * latest.
   *
   * @throws FsException BUSY when tags point to it or an uncommitted version started from it,
   *     naming them; UNSUPPORTED when it is not committed; NOT_FOUND
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
}
