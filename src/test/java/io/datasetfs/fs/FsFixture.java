package io.datasetfs.fs;

import io.datasetfs.catalog.Catalog;
import io.datasetfs.catalog.ConfigurationFile;
import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.KeptHeads;
import io.datasetfs.catalog.Nudge;
import io.datasetfs.catalog.Providers;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.UncommittedVersion;
import io.datasetfs.model.VersionId;
import io.datasetfs.model.VersionRecord;
import io.datasetfs.read.DatasetReader;
import io.datasetfs.read.Model;
import io.datasetfs.read.ReadCaches;
import io.datasetfs.read.VersionBuilder;
import io.datasetfs.read.fetch.FetchSettings;
import io.datasetfs.read.fetch.Fetcher;
import io.datasetfs.staging.BaseSource;
import io.datasetfs.staging.BaseVersion;
import io.datasetfs.staging.Creator;
import io.datasetfs.staging.StagedVersion;
import io.datasetfs.staging.StagingAreas;
import io.datasetfs.store.FaultyObjectStore;
import io.datasetfs.store.HeldStore;
import io.datasetfs.store.MemoryObjectStore;
import io.datasetfs.store.ObjectStore;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** A file system over a catalog in memory, with a clock that stands still until it is told. */
final class FsFixture implements AutoCloseable {
  static final Requester ROOT = new Requester(0, 0, 0);
  static final Instant COMMITTED = Instant.parse("2026-11-22T18:00:00Z");

  final MemoryObjectStore memory = new MemoryObjectStore();
  final FaultyObjectStore store = new FaultyObjectStore(memory);
  final Catalog catalog;
  final CatalogView view;
  final DatasetFileSystem fs;
  private final AtomicLong nanos = new AtomicLong();
  final Fetcher fetcher;
  final HeldStore held;
  final StagingAreas areas;
  final Map<VersionId, StagedVersion> staged = new HashMap<>();
  private final ReadCaches caches = ReadCaches.withDefaults();
  private final Random random = new Random(1);

  FsFixture(Path home) {
    this(home, Map.of(), Freshness.LOCAL, Duration.ofHours(1));
  }

  /** A file system with other stores for some providers, by their names. */
  FsFixture(Path home, Map<String, ObjectStore> stores, Freshness freshness, Duration patience) {
    this(home, stores, freshness, patience, FetchSettings.defaults());
  }

  /** A file system that is no more patient than it is meant to be. */
  FsFixture(Path home, Map<String, ObjectStore> stores, Freshness freshness) {
    this(home, stores, freshness, Freshness.LOCAL, FetchSettings.defaults());
  }

  /** A file system whose readers fetch by other settings. */
  FsFixture(
      Path home,
      Map<String, ObjectStore> stores,
      Freshness freshness,
      Duration patience,
      FetchSettings settings) {
    this(home, stores, patient(freshness, patience), patient(Freshness.LOCAL, patience), settings);
  }

  private FsFixture(
      Path home,
      Map<String, ObjectStore> stores,
      Freshness freshness,
      Freshness configurationFreshness,
      FetchSettings settings) {
    fetcher = new Fetcher(settings);
    held = new HeldStore(store);
    areas = new StagingAreas(home.resolve("staging"), Clock.systemUTC());
    Providers providers =
        new Providers(
            new ConfigurationFile(home.resolve("config.yaml"), pause -> {}),
            home.resolve("local"),
            provider -> stores.getOrDefault(provider.name(), store),
            random);
    catalog =
        new Catalog(
            providers,
            random,
            Clock.fixed(COMMITTED, ZoneOffset.UTC),
            pause -> {},
            new Nudge(home.resolve("run/changes")));
    catalog.nudge().listen();
    view =
        new CatalogView(
            catalog,
            KeptHeads.in(home.resolve("heads")),
            provider -> freshness,
            configurationFreshness,
            nanos::get);
    fs =
        new DatasetFileSystem(
            view,
            dataset -> new DatasetReader(between(dataset), dataset.id(), fetcher, caches),
            Optional::empty,
            this::open);
  }

  /** Makes an uncommitted version. */
  UncommittedVersion stage(Dataset dataset, Optional<VersionRecord> base) throws FsException {
    VersionId id = catalog.newVersionId(dataset);
    Optional<VersionId> baseId = base.map(VersionRecord::id);
    areas.create(dataset.id(), id, baseId, new Creator(0, 0), bases(dataset)).close();
    return catalog.stage(dataset, id, "staged", baseId, "here").version();
  }

  BaseSource bases(Dataset dataset) {
    return (of, version) -> {
      DatasetReader reader = new DatasetReader(store, dataset.id(), fetcher, caches);
      VersionRecord record = catalog.require(of.value()).head().find(version).orElseThrow();
      return BaseVersion.of(reader.tree(record.tree()), reader);
    };
  }

  private synchronized StagedVersion open(Dataset dataset, UncommittedVersion version)
      throws FsException {
    StagedVersion known = staged.get(version.id());
    if (known == null) {
      known = areas.open(dataset.id(), version.id(), bases(dataset));
      staged.put(version.id(), known);
    }
    return known;
  }

  private ObjectStore between(Dataset dataset) throws FsException {
    ObjectStore found = catalog.store(dataset);
    return found == store ? held.store() : found;
  }

  private static Freshness patient(Freshness f, Duration patience) {
    return new Freshness(
        f.refreshAge(),
        f.maxAge(),
        f.freshAge(),
        f.idleAfter(),
        f.idleAge(),
        patience,
        patience,
        patience,
        f.parallel());
  }

  /** Lets a second pass. */
  void later() {
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
  }

  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  Dataset create(String name, String description) throws FsException {
    return catalog.create(name, catalog.providers().standard(), description);
  }

  VersionRecord publish(Dataset dataset, String message, Model.Directory content, String... tags)
      throws FsException {
    VersionBuilder builder = new VersionBuilder(store, dataset.id(), random.nextLong(), 3000);
    TreeEntry.Directory root = builder.store(content);
    VersionId id = catalog.newVersionId(dataset);
    VersionRecord draft =
        new VersionRecord(id, 0, message, COMMITTED, COMMITTED, Optional.empty(), root);
    VersionRecord published = catalog.publish(dataset, draft, Optional.empty()).version();
    for (String tag : tags) {
      catalog.setTag(dataset, tag, id);
    }
    return published;
  }

  /** Commits an uncommitted version, with any content. */
  void commit(Dataset dataset, UncommittedVersion version, Model.Directory content)
      throws FsException {
    VersionBuilder builder = new VersionBuilder(store, dataset.id(), random.nextLong(), 3000);
    VersionRecord draft =
        new VersionRecord(
            version.id(), 0, "", COMMITTED, COMMITTED, Optional.empty(), builder.store(content));
    catalog.commit(dataset, draft, Optional.empty());
  }

  /** The inode at a path, links not followed. */
  Inode at(String path) throws FsException {
    Inode inode = fs.root();
    for (String name : path.split("/", -1)) {
      inode = name.isEmpty() ? inode : fs.lookup(inode, name);
    }
    return inode;
  }

  List<String> names(String path) throws FsException {
    List<String> names = new ArrayList<>();
    try (OpenDirectory directory = fs.openDirectory(at(path))) {
      fs.readDirectory(
          directory,
          0,
          (name, inode, attributes, next) -> {
            names.add(name);
            return true;
          });
    }
    return names;
  }

  String read(OpenFile file) throws FsException {
    ByteBuffer target = ByteBuffer.allocate(100_000);
    fs.read(file, 0, target);
    return new String(target.array(), 0, target.position(), StandardCharsets.UTF_8);
  }

  String read(String path) throws FsException {
    try (OpenFile file = fs.open(at(path), OpenMode.READING, ROOT)) {
      return read(file);
    }
  }

  static Model.File text(String content) {
    return Model.File.of(content.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public synchronized void close() {
    view.close();
    try {
      for (StagedVersion version : staged.values()) {
        version.close();
      }
    } catch (FsException e) {
      throw new UncheckedIOException(e);
    }
    fetcher.close();
  }
}
