package io.datasetfs.cli.mounts;

import io.datasetfs.cache.DiskCache;
import io.datasetfs.cache.DiskCacheSettings;
import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.cli.CacheOptions;
import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.Progress;
import io.datasetfs.cli.References;
import io.datasetfs.cli.Session;
import io.datasetfs.daemon.ReadOptions;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.read.DatasetReader;
import io.datasetfs.read.KeepingTier;
import io.datasetfs.read.PrefetchPlan;
import io.datasetfs.read.ReadCaches;
import io.datasetfs.read.VersionTree;
import io.datasetfs.read.fetch.FetchSettings;
import io.datasetfs.read.fetch.Fetcher;
import io.datasetfs.store.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code prefetch}. Everything is planned before anything is fetched: a path that is not there, or
 * a version that the cache cannot hold, costs nothing. What is in the cache is not fetched again,
 * so that who was interrupted goes on.
 */
@Command(description = "Bring a version, or paths of it, into the disk cache")
public final class Prefetch extends DsfsCommand {
  private static final int MAX_PARALLEL = 64;
  private static final double MIB = 1 << 20;

  @Parameters(
      index = "0",
      paramLabel = "ID:VERSION",
      description = "Dataset version (ex: dst364npcw6ccok:fo5rp4m)")
  private String id;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "PATH",
      description = "Files or directories in it; everything by default")
  private List<String> paths = List.of("/");

  @Option(
      names = "--parallel",
      defaultValue = "4",
      paramLabel = "N",
      description = "Requests at once (default: ${DEFAULT-VALUE})")
  private int parallel;

  @Option(names = "--partial", description = "Leave out what the cache cannot hold")
  private boolean partial;

  @Mixin private CacheOptions options = new CacheOptions();

  /**
   * @param session what it works with
   */
  public Prefetch(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    if (parallel < 1 || parallel > MAX_PARALLEL) {
      throw new FsException(
          FailureKind.INVALID, "The '--parallel' option is not between 1 and " + MAX_PARALLEL);
    }
    ReadOptions reading = options.read();
    DiskCacheSettings settings = reading.cache(session().services().locations().blockCache());
    if (settings.size().isNone()) {
      throw new FsException(
          FailureKind.INVALID, "The '--cache-size' option leaves no cache to prefetch into");
    }
    ResolvedVersion version = catalog().resolve(References.requireVersion(id));
    StorageProvider provider = version.dataset().provider();
    if (provider.type().equals(StorageProvider.LOCAL)) {
      return done(
          "Nothing to prefetch: the storage provider %s is a local directory, which is read straight"
              .formatted(provider.label()),
          result(version, 0, 0, 0, 0));
    }
    FetchSettings fetching = FetchSettings.defaults().withParallel(parallel, parallel);
    try (DiskCache cache = new DiskCache(settings, session().services().clock());
        Fetcher fetcher =
            new Fetcher(reading.readTimeout().map(fetching::withDeadline).orElse(fetching))) {
      return prefetch(version, cache, fetcher);
    }
  }

  private int prefetch(ResolvedVersion version, DiskCache cache, Fetcher fetcher)
      throws FsException {
    var dataset = version.dataset();
    ObjectStore store = catalog().store(dataset);
    ReadCaches caches =
        ReadCaches.withDefaults().before(cache.blocks(), new KeepingTier(cache.pages()));
    DatasetReader reader = new DatasetReader(store, dataset.id(), fetcher, caches);
    long room = cache.blocks().statistics().bound();
    PrefetchPlan plan = new PrefetchPlan(reader, cache.blocks(), room, partial);
    for (TreeEntry entry : entries(reader.tree(version.version().tree()), version)) {
      plan.add(entry);
    }
    if (!plan.fits()) {
      throw new FsException(
          FailureKind.NO_SPACE,
          "%s needs %s of the disk cache, which may take %s (name paths, give more with"
                  .formatted(version.reference(), mib(plan.neededBytes()), mib(room))
              + " --cache-size, or take what fits with --partial)");
    }
    if (plan.leftOutBytes() > 0) {
      session()
          .output()
          .message(
              "Warning: %s does not fit into the disk cache and is left out"
                  .formatted(mib(plan.leftOutBytes())));
    }
    try (Progress progress = session().progress("Prefetching")) {
      progress.total(plan.missingBytes());
      new io.datasetfs.read.Prefetch(store, dataset.id(), cache.blocks())
          .run(plan, parallel, progress::advance);
    }
    return done(
        "Prefetched %s: %s in %d blocks; %s in %d blocks were there"
            .formatted(
                version.reference(),
                mib(plan.missingBytes()),
                plan.missingBlocks(),
                mib(plan.presentBytes()),
                plan.presentBlocks()),
        result(
            version,
            plan.missingBlocks(),
            plan.missingBytes(),
            plan.presentBlocks(),
            plan.presentBytes()));
  }

  private List<TreeEntry> entries(VersionTree tree, ResolvedVersion version) throws FsException {
    List<TreeEntry> entries = new ArrayList<>();
    for (String path : paths) {
      try {
        entries.add(tree.require(path));
      } catch (FsException e) {
        if (e.kind() != FailureKind.NOT_FOUND && e.kind() != FailureKind.NOT_DIRECTORY) {
          throw e;
        }
        throw new FsException(
            e.kind(),
            "Not found: '%s' in %s".formatted(Names.printable(path), version.reference()),
            e);
      }
    }
    return entries;
  }

  private static Object[] result(
      ResolvedVersion version,
      long fetchedBlocks,
      long fetchedBytes,
      long presentBlocks,
      long presentBytes) {
    return new Object[] {
      "id", version.reference(),
      "fetchedBlocks", fetchedBlocks,
      "fetchedBytes", fetchedBytes,
      "presentBlocks", presentBlocks,
      "presentBytes", presentBytes
    };
  }

  private static String mib(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / MIB);
  }
}
