package io.datasetfs.catalog;

import io.datasetfs.model.Configuration;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import io.datasetfs.model.ProviderId;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.store.ObjectStore;
import io.datasetfs.store.s3.S3Keys;
import io.datasetfs.store.s3.S3Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * The storage providers: those of the configuration, after the implicit one.
 *
 * <p>The implicit provider is called {@code local}, has the id {@link #IMPLICIT} everywhere and
 * keeps its data in the data directory, so that everything works before anything is set up. It is
 * always listed, unless the configuration has an entry with its id, which then counts instead
 * (updating it writes one), or says {@code implicitLocal: false} (deleting it writes that).
 *
 * <p>Stores are opened once and shared; {@link #close} closes them. Safe for use by several
 * threads.
 */
public final class Providers implements AutoCloseable {
  /** The id of the implicit provider. */
  public static final ProviderId IMPLICIT = new ProviderId("spllocal0000000");

  private static final String IMPLICIT_NAME = "local";

  private final ConfigurationFile file;
  private final SecretsFile secrets;
  private final StorageProvider implicit;
  private final StoreFactory factory;
  private final RandomGenerator random;
  private final Map<StorageProvider, ObjectStore> stores = new ConcurrentHashMap<>();

  /**
   * @param file the configuration
   * @param implicitStore the directory of the implicit provider
   * @param factory opens stores
   * @param random draws ids; safe for use by several threads
   */
  public Providers(
      ConfigurationFile file, Path implicitStore, StoreFactory factory, RandomGenerator random) {
    this.file = file;
    this.secrets = file.secrets();
    this.implicit =
        StorageProvider.of(
            IMPLICIT,
            IMPLICIT_NAME,
            StorageProvider.LOCAL,
            Map.of(StorageProvider.PATH, implicitStore.toString()));
    this.factory = factory;
    this.random = random;
  }

  /** All providers, the implicit one first. */
  public List<StorageProvider> list() throws FsException {
    return listed(file.read());
  }

  private List<StorageProvider> listed(Configuration configuration) {
    List<StorageProvider> all = new ArrayList<>(configuration.providers());
    if (configuration.implicitLocal() && all.stream().noneMatch(p -> p.id().equals(IMPLICIT))) {
      all.add(0, implicit);
    }
    return all;
  }

  /**
   * The provider with an id or a name.
   *
   * @throws FsException NOT_FOUND; INVALID when several have the name
   */
  public StorageProvider require(String idOrName) throws FsException {
    return require(list(), idOrName);
  }

  private static StorageProvider require(List<StorageProvider> all, String idOrName)
      throws FsException {
    Predicate<StorageProvider> wanted =
        ProviderId.isValid(idOrName)
            ? p -> p.id().value().equals(idOrName)
            : p -> p.name().equals(idOrName);
    List<StorageProvider> found = all.stream().filter(wanted).toList();
    if (found.isEmpty()) {
      throw new FsException(
          FailureKind.NOT_FOUND,
          "Not found: storage provider '%s' (see 'dsfs storageProviders list')"
              .formatted(Names.printable(idOrName)));
    }
    if (found.size() > 1) {
      throw new FsException(
          FailureKind.INVALID,
          "The storage provider name '%s' is ambiguous (use one of the ids %s)"
              .formatted(
                  Names.printable(idOrName),
                  String.join(", ", found.stream().map(p -> p.id().value()).toList())));
    }
    return found.get(0);
  }

  /**
   * Where a dataset goes that is created without naming a provider: the only provider, or else the
   * implicit one.
   *
   * @throws FsException INVALID when there are several and the implicit one is not among them
   */
  public StorageProvider standard() throws FsException {
    List<StorageProvider> all = list();
    Optional<StorageProvider> chosen =
        all.size() == 1
            ? Optional.of(all.get(0))
            : all.stream().filter(p -> p.id().equals(IMPLICIT)).findFirst();
    return chosen.orElseThrow(
        () ->
            new FsException(
                FailureKind.INVALID,
                all.isEmpty()
                    ? "There is no storage provider (create one with 'dsfs storageProviders create')"
                    : "There are several storage providers (choose one with --storageProviderId)"));
  }

  /**
   * Adds a provider. Empty settings are left out.
   *
   * @param probe tries the new provider's store before anything is written down
   * @return the provider with its new id
   * @throws FsException EXISTS when the name or the place is taken; INVALID; what {@code probe}
   *     throws
   */
  public StorageProvider add(String name, String type, Map<String, String> config, Probe probe)
      throws FsException {
    SortedMap<String, String> settings = new TreeMap<>(config);
    settings.values().removeIf(String::isEmpty);
    StorageProvider wanted =
        StorageProvider.of(ProviderId.random(random), requireName(name), type, settings);
    requireFree(list(), wanted);
    StorageProvider proved = factory.prove(wanted);
    requireFree(list(), proved);
    probe.check(store(proved, true));
    ProviderKeys split = ProviderKeys.split(proved);
    StorageProvider provider = split.provider();
    secrets.put(provider.id(), split.keys());
    try {
      file.change(
          now -> {
            requireFree(listed(now), provider);
            List<StorageProvider> next = new ArrayList<>(now.providers());
            next.add(provider);
            return new Configuration(now.implicitLocal(), next);
          });
    } catch (FsException e) {
      restore(provider.id(), Optional.empty(), e);
      throw e;
    }
    return provider;
  }

  /** What was not written down has no secrets either. */
  private void restore(ProviderId id, Optional<S3Keys> before, FsException failure) {
    try {
      secrets.put(id, before);
    } catch (FsException e) {
      failure.addSuppressed(e);
    }
  }

  /** Finds out whether a store can be used. */
  @FunctionalInterface
  public interface Probe {
    /**
     * Tries the store.
     *
     * @throws FsException when it cannot be used, with the reason
     */
    void check(ObjectStore store) throws FsException;
  }

  /**
   * Changes a provider's name or settings. What is not given stays; an empty setting goes.
   *
   * @throws FsException NOT_FOUND, EXISTS, INVALID; what {@link StoreFactory#prove} throws when
   *     settings change
   */
  public StorageProvider update(String idOrName, Optional<String> name, Map<String, String> changes)
      throws FsException {
    StorageProvider before = require(idOrName);
    Optional<S3Keys> oldKeys = secrets.find(before.id());
    StorageProvider full = ProviderKeys.joined(before, oldKeys);
    SortedMap<String, String> config = new TreeMap<>(full.config());
    config.putAll(changes);
    config.values().removeIf(String::isEmpty);
    String newName = name.isPresent() ? requireName(name.get()) : before.name();
    StorageProvider wanted = new StorageProvider(before.id(), newName, before.type(), config);
    ProviderKeys split = ProviderKeys.split(proved(wanted, full));
    StorageProvider after = split.provider();
    secrets.put(after.id(), split.keys());
    try {
      file.change(
          now -> {
            List<StorageProvider> others = new ArrayList<>(listed(now));
            others.removeIf(p -> p.id().equals(before.id()));
            requireFree(others, after);
            List<StorageProvider> next = new ArrayList<>(now.providers());
            next.replaceAll(p -> p.id().equals(before.id()) ? after : p);
            if (!next.contains(after)) {
              next.add(after);
            }
            return new Configuration(now.implicitLocal(), next);
          });
    } catch (FsException e) {
      restore(after.id(), oldKeys, e);
      throw e;
    }
    return after;
  }

  private StorageProvider proved(StorageProvider wanted, StorageProvider before)
      throws FsException {
    if (wanted.config().equals(before.config())) {
      return wanted;
    }
    List<StorageProvider> others = new ArrayList<>(list());
    others.removeIf(p -> p.id().equals(wanted.id()));
    requireFree(others, wanted);
    StorageProvider proved = factory.prove(wanted);
    if (proved.type().equals(StorageProvider.LOCAL)) {
      store(proved, true);
    }
    return proved;
  }

  /** The provider with the keys that it was given in its settings, to be shown. */
  public StorageProvider withKeys(StorageProvider provider) throws FsException {
    return ProviderKeys.joined(provider, secrets.find(provider.id()));
  }

  /**
   * Forgets a provider. What is stored there stays.
   *
   * @return the provider
   * @throws FsException NOT_FOUND
   */
  public StorageProvider remove(String idOrName) throws FsException {
    StorageProvider gone = require(idOrName);
    file.change(
        now -> {
          List<StorageProvider> next = new ArrayList<>(now.providers());
          next.removeIf(p -> p.id().equals(gone.id()));
          return new Configuration(now.implicitLocal() && !gone.id().equals(IMPLICIT), next);
        });
    secrets.put(gone.id(), Optional.empty());
    return gone;
  }

  /**
   * The store of a provider, opened when first asked for. It stays open until this is closed.
   *
   * @throws FsException as {@link StoreFactory#open}
   */
  public ObjectStore store(StorageProvider provider) throws FsException {
    return store(
        provider, provider.id().equals(IMPLICIT) && provider.config().equals(implicit.config()));
  }

  private ObjectStore store(StorageProvider provider, boolean create) throws FsException {
    ObjectStore open = stores.get(provider);
    if (open != null) {
      return open;
    }
    ObjectStore mine = create ? factory.create(provider) : factory.open(provider);
    ObjectStore first = stores.putIfAbsent(provider, mine);
    if (first != null) {
      mine.close();
      return first;
    }
    return mine;
  }

  @Override
  public void close() {
    stores.values().forEach(ObjectStore::close);
    stores.clear();
  }

  private static String requireName(String name) throws FsException {
    boolean fit =
        !name.isBlank()
            && !ProviderId.isValid(name)
            && name.codePoints().noneMatch(Character::isISOControl);
    if (!fit) {
      throw new FsException(
          FailureKind.INVALID,
          "The storage provider name '%s' is empty, looks like an id or holds a control character"
                  .formatted(Names.printable(name))
              + " (choose another name)");
    }
    return name;
  }

  private static void requireFree(List<StorageProvider> others, StorageProvider wanted)
      throws FsException {
    for (StorageProvider other : others) {
      if (other.name().equals(wanted.name())) {
        throw new FsException(
            FailureKind.EXISTS,
            "The storage provider name '%s' is taken by %s (choose another name)"
                .formatted(Names.printable(wanted.name()), other.id()));
      }
      requireApart(wanted, other);
    }
  }

  private static void requireApart(StorageProvider wanted, StorageProvider other)
      throws FsException {
    if (!wanted.type().equals(other.type())) {
      return;
    }
    boolean directory = wanted.type().equals(StorageProvider.LOCAL);
    if (directory && other.config().equals(wanted.config())) {
      throw new FsException(
          FailureKind.EXISTS,
          "The directory %s is the storage provider %s already (use that one)"
              .formatted(
                  Names.printable(wanted.config().getOrDefault(StorageProvider.PATH, "")),
                  other.label()));
    }
    if (wanted.type().equals(StorageProvider.S3)) {
      S3Settings settings = S3Settings.of(wanted);
      if (isAt(other, settings)) {
        throw new FsException(
            FailureKind.EXISTS,
            "%s at %s is the storage provider %s already (use that one)"
                .formatted(settings.location(), settings.server(), other.label()));
      }
    }
  }

  private static boolean isAt(StorageProvider other, S3Settings place) {
    try {
      return S3Settings.of(other).samePlace(place);
    } catch (FsException e) {
      return false; // it is nowhere until somebody corrects it
    }
  }
}
