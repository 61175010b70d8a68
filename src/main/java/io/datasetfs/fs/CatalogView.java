package io.datasetfs.fs;

import io.datasetfs.catalog.Catalog;
import io.datasetfs.catalog.HeadWatch;
import io.datasetfs.catalog.Listing;
import io.datasetfs.model.FsException;
import io.datasetfs.model.StorageProvider;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The catalog as a mount shows it: never much older than {@link Freshness} says while the providers
 * answer, and the last known state of those that do not. Each provider is read by a thread of its
 * own, so that one that hangs makes no other old. Thread-safe.
 */
public final class CatalogView implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(CatalogView.class.getName());

  /** For so long after one has looked nobody else does: paths are walked far more often. */
  private static final long UNASKED_NANOS = 20_000_000;

  /** One look begins a reading and the next sees what it found: together less than a second. */
  private static final long LOOK_MILLIS = 400;

  private static final Listing NOTHING = new Listing(List.of(), List.of());

  private final Catalog catalog;
  private final Freshness freshness;
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

  // All guarded by this.
  private Map<StorageProvider, Refreshed<Listing>> providers = Map.of();
  private List<Listing> listings = List.of();
  private boolean closed;

  /** Shows a catalog with {@linkplain Freshness#STANDARD standard freshness}. */
  public CatalogView(Catalog catalog) {
    this(catalog, Freshness.STANDARD, System::nanoTime);
  }

  /**
   * Shows a catalog.
   *
   * @param nanoClock tells how old something is
   */
  public CatalogView(Catalog catalog, Freshness freshness, LongSupplier nanoClock) {
    this.catalog = catalog;
    this.freshness = freshness;
    this.nanoClock = nanoClock;
    this.combined = nanoClock.getAsLong() - UNASKED_NANOS;
    this.configuration =
        new Refreshed<>(
            "The storage providers",
            List.of(),
            () -> catalog.providers().list(),
            freshness,
            nanoClock);
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
      current();
    } catch (RuntimeException e) { // which would end all further looking
      LOG.log(Level.ERROR, "looking at the catalog", e);
    }
  }

  /** What is there, or was a moment ago. Waits only when what is known is too old to be shown. */
  CatalogState current() {
    long now = nanoClock.getAsLong();
    if (now - combined < UNASKED_NANOS) {
      return state;
    }
    List<Refreshed<Listing>> sources = sources(configuration.get());
    sources.forEach(Refreshed::refresh);
    sources.forEach(Refreshed::get);
    return combine(now);
  }

  /** What is there, as new as can be had: for who does not find what he knows is there. */
  CatalogState fresh() {
    List<Refreshed<Listing>> sources = sources(configuration.getFresh());
    sources.forEach(Refreshed::refresh);
    sources.forEach(Refreshed::getFresh);
    return combine(nanoClock.getAsLong());
  }

  /** What was there when somebody last looked. */
  CatalogState known() {
    return state;
  }

  private synchronized List<Refreshed<Listing>> sources(List<StorageProvider> configured) {
    if (closed || configured.equals(List.copyOf(providers.keySet()))) {
      return List.copyOf(providers.values());
    }
    Map<StorageProvider, Refreshed<Listing>> before = new LinkedHashMap<>(providers);
    Map<StorageProvider, Refreshed<Listing>> after = new LinkedHashMap<>();
    for (StorageProvider provider : configured) {
      Refreshed<Listing> known = before.remove(provider);
      after.put(provider, known != null ? known : source(provider));
    }
    before.values().forEach(Refreshed::close);
    providers = after;
    return List.copyOf(after.values());
  }

  private Refreshed<Listing> source(StorageProvider provider) {
    HeadWatch watch = catalog.watch(provider);
    Set<String> told = new HashSet<>();
    return new Refreshed<>(
        "The storage provider " + provider.label(),
        NOTHING,
        () -> {
          Listing listing = watch.read();
          logOnce(listing.failures(), told);
          return listing;
        },
        freshness,
        nanoClock);
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

  /** The state of what was read last, whoever read it: states never go back. */
  private synchronized CatalogState combine(long now) {
    List<Listing> read = providers.values().stream().map(Refreshed::known).toList();
    combined = now;
    if (closed || read.equals(listings)) {
      return state;
    }
    CatalogState before = state;
    CatalogState after = new CatalogState(read, before);
    state = after;
    listings = read;
    teller.execute(() -> after.reportChanges(before, listener));
    return after;
  }

  /** Ends all reading; what was known stays. */
  @Override
  public synchronized void close() {
    closed = true;
    configuration.close();
    providers.values().forEach(Refreshed::close);
    teller.shutdownNow();
  }
}
