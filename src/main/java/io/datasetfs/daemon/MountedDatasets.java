package io.datasetfs.daemon;

import io.datasetfs.catalog.Catalog;
import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.KeptHeads;
import io.datasetfs.catalog.Locations;
import io.datasetfs.catalog.NodeName;
import io.datasetfs.commit.StagedCommit;
import io.datasetfs.daemon.control.ControlService;
import io.datasetfs.fs.CatalogView;
import io.datasetfs.fs.DatasetFileSystem;
import io.datasetfs.fs.FileSystem;
import io.datasetfs.fs.SpaceUsage;
import io.datasetfs.fuse.FuseMount;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FsException;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.model.VersionId;
import io.datasetfs.read.DatasetReader;
import io.datasetfs.staging.StagingAreas;
import io.datasetfs.store.StoreSpace;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/**
 * The parts of a mount, put together: the catalog as it changes, the readers with their caches, the
 * file system.
 */
public final class MountedDatasets implements AutoCloseable {
  private static final int BLOCK = 4096;

  private final Catalog catalog;
  private final CatalogView view;
  private final DatasetReaders readers;
  private final NodeAreas areas;
  private final HeldVersions held;
  private final DatasetFileSystem fs;

  /**
   * @param catalog what to show; the caller closes it
   * @param places where to keep what outlives the process
   * @param options how to read what is far away
   * @param node this node's name
   * @param engine commits uncommitted versions
   */
  public MountedDatasets(
      Catalog catalog, Locations places, ReadOptions options, NodeName node, StagedCommit engine) {
    this.catalog = catalog;
    this.readers = new DatasetReaders(options, places.blockCache());
    this.areas =
        new NodeAreas(
            catalog,
            new StagingAreas(places.staging(), Clock.systemUTC()),
            readers.of(catalog),
            node);
    this.held = new HeldVersions(catalog, areas, engine, new MountUsers(), places.staging());
    catalog.nudge().listen();
    this.view = new CatalogView(catalog, KeptHeads.in(places.keptHeads()));
    this.fs = new DatasetFileSystem(view, this::reader, this::space, held);
  }

  /** The file system to mount. */
  public FileSystem fileSystem() {
    return fs;
  }

  /** Keeps the kernel's memory of names in step with the catalog from now on. */
  public void follow(FuseMount mount) {
    view.listen(mount::invalidate);
    fs.pruneWith(mount::prune);
    // Asks providers that may take their time.
    Thread sweep = new Thread(() -> areas.sweep(Instant.now()), "dsfs-sweep");
    sweep.setDaemon(true);
    sweep.start();
  }

  /** Does what commands ask of the daemon that serves {@code mountpoint}. */
  public ControlService control(Path mountpoint) {
    return new ControlRequests(catalog, held, mountpoint);
  }

  /** The file system, which is made after what it uses. */
  private final class MountUsers implements HeldVersions.Users {
    @Override
    public boolean retire(DatasetId dataset, VersionId version, boolean force) {
      return fs.retire(dataset, version, force);
    }

    @Override
    public void whenUnused(DatasetId dataset, VersionId version, Runnable then) {
      fs.whenUnused(dataset, version, then);
    }
  }

  private DatasetReader reader(Dataset dataset) throws FsException {
    return readers.open(dataset, catalog.store(dataset));
  }

  /** The room of the default storage provider, when it is a local directory. */
  private Optional<SpaceUsage> space() {
    try {
      StorageProvider provider = catalog.providers().standard();
      return provider.type().equals(StorageProvider.LOCAL)
          ? catalog.providers().store(provider).space().map(MountedDatasets::usage)
          : Optional.empty();
    } catch (FsException e) {
      return Optional.empty();
    }
  }

  private static SpaceUsage usage(StoreSpace space) {
    return new SpaceUsage(BLOCK, space.total() / BLOCK, space.available() / BLOCK);
  }

  @Override
  public void close() {
    view.close();
    held.close();
    readers.close();
  }
}
