package io.datasetfs.faults;

import io.datasetfs.cache.CacheSize;
import io.datasetfs.cache.DiskCache;
import io.datasetfs.cache.DiskCacheSettings;
import io.datasetfs.catalog.Catalog;
import io.datasetfs.catalog.ConfigurationFile;
import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.KeptHeads;
import io.datasetfs.catalog.Nudge;
import io.datasetfs.catalog.Providers;
import io.datasetfs.commit.ImportProgress;
import io.datasetfs.commit.ImportSource;
import io.datasetfs.commit.StoreAccess;
import io.datasetfs.commit.TreeImporter;
import io.datasetfs.fs.CatalogView;
import io.datasetfs.fs.DatasetFileSystem;
import io.datasetfs.fuse.FuseMount;
import io.datasetfs.fuse.MountOptions;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.VersionRecord;
import io.datasetfs.read.DatasetReader;
import io.datasetfs.read.ReadCaches;
import io.datasetfs.read.fetch.FetchSettings;
import io.datasetfs.read.fetch.Fetcher;
import io.datasetfs.store.ObjectStore;
import io.datasetfs.store.Retries;
import io.datasetfs.store.RetryingObjectStore;
import io.datasetfs.store.Sleeper;
import io.datasetfs.store.s3.Bucket;
import io.datasetfs.store.s3.S3Limits;
import io.datasetfs.store.s3.S3Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One version of a dataset in a bucket, mounted in this process; the mount's requests go through a
 * proxy, the import's did not. The memory holds next to nothing, so that what is read twice is
 * fetched twice.
 */
final class RemoteMount implements AutoCloseable {
  private static final Duration RETRY = Duration.ofSeconds(30);
  private static final S3Limits LIMITS =
      new S3Limits(64, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(20));
  private static final long MEMORY = 2 << 20;

  private final SecureRandom random = new SecureRandom();
  private final FaultProxy proxy;
  private final Providers providers;
  private final CatalogView view;
  private final Fetcher fetcher;
  private final Optional<DiskCache> disk;
  private final FuseMount mount;
  private final Path files;

  /**
   * Imports and mounts.
   *
   * @param source what the version is to hold
   * @param home an empty directory, for the mountpoint and what is kept
   * @param deadline how long a read waits
   * @param cached whether there is a disk cache
   */
  RemoteMount(Bucket bucket, Path source, Path home, Duration deadline, boolean cached)
      throws Exception {
    fetcher = new Fetcher(FetchSettings.defaults().withDeadline(deadline));
    proxy = FaultProxy.before(bucket.endpoint());
    S3Settings direct = bucket.settings("data%x".formatted(random.nextLong()));
    Dataset dataset = load(bucket.open(direct, LIMITS), direct, source, home);
    providers = providers(bucket.open(through(direct), LIMITS), home.resolve("mounting"));
    Catalog catalog = catalog(providers, home);
    view = new CatalogView(catalog, KeptHeads.in(home.resolve("heads")));
    disk = cached ? Optional.of(cache(home.resolve("cache"))) : Optional.empty();
    ReadCaches memory = ReadCaches.bounded(MEMORY, MEMORY);
    ReadCaches caches = disk.map(d -> memory.before(d.blocks(), d.pages())).orElse(memory);
    Path mountpoint = Files.createDirectories(home.resolve("mnt"));
    mount =
        FuseMount.mount(
            new DatasetFileSystem(
                view,
                d -> new DatasetReader(catalog.store(d), d.id(), fetcher, caches),
                Optional::empty),
            MountOptions.at(mountpoint).build());
    view.listen(mount::invalidate);
    files = mountpoint.resolve(dataset.id().toString()).resolve("latest");
  }

  /** What stands before the server. */
  FaultProxy proxy() {
    return proxy;
  }

  /** The top of the version, mounted. */
  Path files() {
    return files;
  }

  private Dataset load(ObjectStore store, S3Settings settings, Path source, Path home)
      throws IOException {
    try (Providers direct = providers(store, home.resolve("importing"))) {
      Catalog catalog = catalog(direct, home);
      Dataset dataset = catalog.create("faults", direct.standard(), settings.location());
      TreeEntry.Directory root =
          new TreeImporter(
                  store,
                  dataset.id(),
                  StoreAccess.NEAR,
                  Optional.empty(),
                  random,
                  Clock.systemUTC())
              .run(ImportSource.of(List.of(source + "/"), Clock.systemUTC()), ImportProgress.NONE)
              .root();
      Instant now = Clock.systemUTC().instant();
      catalog.publish(
          dataset,
          new VersionRecord(catalog.newVersionId(dataset), 0, "", now, now, Optional.empty(), root),
          Optional.empty());
      return dataset;
    }
  }

  private Providers providers(ObjectStore store, Path home) throws IOException {
    Files.createDirectories(home);
    ObjectStore retrying = new RetryingObjectStore(store, Retries.within(RETRY, random));
    return new Providers(
        new ConfigurationFile(home.resolve("config.yaml"), Sleeper.THREAD),
        home.resolve("local"),
        provider -> retrying,
        random);
  }

  private Catalog catalog(Providers of, Path home) {
    return new Catalog(
        of, random, Clock.systemUTC(), Sleeper.THREAD, new Nudge(home.resolve("changes")));
  }

  private S3Settings through(S3Settings s) {
    return new S3Settings(
        Optional.of(proxy.endpoint()),
        s.bucket(),
        s.prefix(),
        s.region(),
        s.pathStyle(),
        s.quotedIfMatch());
  }

  private static DiskCache cache(Path directory) throws IOException {
    return new DiskCache(
        DiskCacheSettings.of(
            directory, new CacheSize(1 << 30, false), DiskCacheSettings.DEFAULT_TTL),
        Clock.systemUTC());
  }

  @Override
  public void close() throws IOException {
    proxy.heal();
    mount.close();
    view.close();
    fetcher.close();
    disk.ifPresent(DiskCache::close);
    providers.close();
    proxy.close();
  }
}
