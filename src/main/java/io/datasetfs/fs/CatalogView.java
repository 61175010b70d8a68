package io.datasetfs.fs;

import io.datasetfs.catalog.Catalog;
import io.datasetfs.catalog.HeadWatch;
import io.datasetfs.catalog.KeptHeads;
import io.datasetfs.catalog.Listing;
import io.datasetfs.catalog.Nudge;
import io.datasetfs.model.FsException;
import io.datasetfs.model.StorageProvider;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The catalog as a mount shows it: never much older than {@link Freshness} says while the providers
 * answer, and the last known state of those that do not, be it one that was kept on disk before
 * this process began. Each provider is read by a thread of its own, so that one that hangs makes no
 * other old. Thread-safe.
 */
public final class CatalogView implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(CatalogView.class.getName());

  /** For so long after one has looked nobody else does: paths are walked far more often. */
  private static final long UNASKED_NANOS = 20_000_000;

  /** Together with a reading less than a second. */
  private static final long LOOK_MILLIS = 400;

  /** Noting every use would make processors wait for each other. */
  private static final long USE_NANOS = 1_000_000_000;

  private final Catalog catalog;
  private final KeptHeads kept;
  private final Function<StorageProvider, Freshness> freshness;
  private final LongSupplier nanoClock;
  private final Refreshed<List<StorageProvider>> configuration;

  /**
   * Tells the listener. A thread apart: the kernel may hold the directory of the name until the
   * very request is answered that found the name gone.
   */
  private final ScheduledExecutorService teller =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "dsfs-changes");
            thread.setDaemon(true);
            return thread;
          });

  private volatile NameListener listener = (directory, name) -> {};

  private volatile CatalogState state = CatalogState.EMPTY;

  /** When the state was last looked after. */
  private volatile long combined;

  /** When the mount was last used, within a second. */
  private volatile long used;

  private volatile Nudge.Seen nudge;

  // All guarded by this.
  private Map<StorageProvider, Source> providers = Map.of();
  private List<Listing> listings = List.of();
  private boolean closed;

  /** A provider that is read again and again. */
  private record Source(Freshness freshness, Refreshed<Listing> refreshed) {
    void refresh(long unusedNanos) {
      refreshed.refresh(unusedNanos >= freshness.idleAfter().toNanos());
    }
  }

  /** Shows a catalog as fresh as fits each provider. */
  public CatalogView(Catalog catalog, KeptHeads kept) {
    this(catalog, kept, Freshness::of, Freshness.LOCAL, System::nanoTime);
  }

  /**
   * Shows a catalog.
   *
   * @param kept the heads as they were last read
   * @param freshness how fresh a provider's datasets are to be
   * @param configurationFreshness how fresh the list of providers is to be
   * @param nanoClock tells how old something is
   */
  CatalogView(
      Catalog catalog,
      KeptHeads kept,
      Function<StorageProvider, Freshness> freshness,
      Freshness configurationFreshness,
      LongSupplier nanoClock) {
    this.catalog = catalog;
    this.kept = kept;
    this.freshness = freshness;
    this.nanoClock = nanoClock;
    this.used = nanoClock.getAsLong();
    this.combined = used - UNASKED_NANOS;
    this.nudge = catalog.nudge().look();
    this.configuration =
        new Refreshed<>(
            "The storage providers",
            List.of(),
            this::readConfiguration,
            configurationFreshness,
            nanoClock);
  }

  private List<StorageProvider> readConfiguration() throws FsException {
    List<StorageProvider> configured = catalog.providers().list();
    if (!configured.equals(configuration.known())) {
      kept.retain(configured.stream().map(StorageProvider::id).toList());
    }
    return configured;
  }

  /**
   * Names the one that is told of names that have changed. It is called by a thread of its own.
   * From now on the catalog is read again and again, whether somebody asks or not: for what
   * somebody else remembers nobody asks here.
   */
  public synchronized void listen(NameListener newListener) {
    listener = newListener;
    if (!closed) {
      Future<?> unused =
          teller.scheduleWithFixedDelay(
              this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void look() {
    try {
      long now = nanoClock.getAsLong();
      Collection<Source> sources = sources(configuration.get());
      sources.forEach(source -> source.refresh(now - used));
      combineRead();
    } catch (RuntimeException e) { // which would end all further looking
      LOG.log(Level.ERROR, "looking at the catalog", e);
    }
  }

  /** Says that somebody uses the mount: what nobody uses need not be so fresh. */
  void use() {
    long now = nanoClock.getAsLong();
    if (now - used >= USE_NANOS) {
      used = now;
    }
  }

  /** What is there, or was a moment ago. Waits only when what is known is too old to be shown. */
  CatalogState current() {
    long now = nanoClock.getAsLong();
    if (now - combined < UNASKED_NANOS) {
      return state;
    }
    Collection<Source> sources = sources(configuration.get());
    sources.forEach(source -> source.refreshed().refresh());
    sources.forEach(source -> source.refreshed().get());
    return combine(now);
  }

  /** What is there, as new as can be had soon: for who lists it. */
  CatalogState fresh() {
    Collection<Source> sources = sources(configuration.getFresh());
    sources.forEach(source -> source.refreshed().refresh());
    sources.forEach(source -> source.refreshed().getFresh());
    return combine(nanoClock.getAsLong());
  }

  /** What is there, as new as can be had: for who does not find what he knows is there. */
  CatalogState certain() {
    Collection<Source> sources = sources(configuration.getCertain());
    sources.forEach(source -> source.refreshed().refresh());
    sources.forEach(source -> source.refreshed().getCertain());
    return combine(nanoClock.getAsLong());
  }

  /** What was there when somebody last looked. */
  CatalogState known() {
    return state;
  }

  private synchronized Collection<Source> sources(List<StorageProvider> configured) {
    if (!closed && !configured.equals(List.copyOf(providers.keySet()))) {
      Map<StorageProvider, Source> before = new LinkedHashMap<>(providers);
      Map<StorageProvider, Source> after = new LinkedHashMap<>();
      for (StorageProvider provider : configured) {
        Source known = before.remove(provider);
        after.put(provider, known != null ? known : source(provider));
      }
      before.values().forEach(source -> source.refreshed().close());
      providers = after;
    }
    Nudge.Seen seen = catalog.nudge().look();
    if (!seen.equals(nudge)) {
      nudge = seen;
      providers.values().forEach(source -> source.refreshed().outdate());
    }
    return List.copyOf(providers.values());
  }

  private Source source(StorageProvider provider) {
    Freshness wanted = freshness.apply(provider);
    HeadWatch watch = catalog.watch(provider, kept, wanted.parallel());
    Set<String> told = new HashSet<>();
    Refreshed<Listing> refreshed =
        new Refreshed<>(
            "The storage provider " + provider.label(),
            watch.known(),
            () -> {
              Listing listing = watch.read();
              logOnce(listing.failures(), told);
              return listing;
            },
            this::combineRead,
            wanted,
            nanoClock);
    return new Source(wanted, refreshed);
  }

  /** Logs what was not the matter the last time. */
  private static void logOnce(List<FsException> failures, Set<String> told) {
    List<String> messages = failures.stream().map(FsException::getMessage).toList();
    for (String message : messages) {
      if (told.add(message)) {
        LOG.log(Level.WARNING, "A dataset cannot be read, showing what was: " + message);
      }
    }
    told.retainAll(messages);
  }

  /** Takes what has been read, without a claim that it is new: nobody has waited for that. */
  private void combineRead() {
    CatalogState unused = combine(combined);
  }

  /** The state of what was read last, whoever read it: states never go back. */
  private synchronized CatalogState combine(long now) {
    List<Listing> read = providers.values().stream().map(s -> s.refreshed().known()).toList();
    combined = now;
    if (closed || read.equals(listings)) {
      return state;
    }
    CatalogState before = state;
    CatalogState after = new CatalogState(read, before);
    state = after;
    listings = read;
    try {
      teller.execute(() -> after.reportChanges(before, listener));
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "closed while the catalog was read");
    }
    return after;
  }

  /** Tells the listener that a name has changed, other than by what the catalog says. */
  void report(String directory, String name) {
    try {
      teller.execute(() -> listener.changed(directory, name));
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "closed while the mount was used");
    }
  }

  /** Ends all reading; what was known stays. */
  @Override
  public synchronized void close() {
    closed = true;
    configuration.close();
    providers.values().forEach(source -> source.refreshed().close());
    teller.shutdownNow();
  }
}
