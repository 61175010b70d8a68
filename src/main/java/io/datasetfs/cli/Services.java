package io.datasetfs.cli;

import io.datasetfs.catalog.Catalog;
import io.datasetfs.catalog.ConfigurationFile;
import io.datasetfs.catalog.Locations;
import io.datasetfs.catalog.NodeName;
import io.datasetfs.catalog.Nudge;
import io.datasetfs.catalog.Providers;
import io.datasetfs.catalog.SecretsFile;
import io.datasetfs.catalog.StoreFactory;
import io.datasetfs.commit.StagedCommit;
import io.datasetfs.daemon.DatasetReaders;
import io.datasetfs.daemon.MountRegistry;
import io.datasetfs.daemon.NodeAreas;
import io.datasetfs.daemon.ReadOptions;
import io.datasetfs.daemon.UncommittedVersions;
import io.datasetfs.model.FsException;
import io.datasetfs.staging.StagingAreas;
import io.datasetfs.store.Sleeper;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.random.RandomGenerator;

/**
 * The parts of the system that commands work with, put together when they are first asked for: a
 * command pays for nothing that it doesn't use. Used by one thread.
 */
public final class Services implements AutoCloseable {
  private final Wiring wiring;
  private Locations locations;
  private Providers providers;
  private Catalog catalog;
  private UncommittedVersions uncommitted;
  private DatasetReaders bases;

  /** Where the parts come from. */
  public interface Wiring {
    /** The places on this machine. */
    Locations locations() throws FsException;

    /**
     * What opens stores.
     *
     * @param secrets the keys of storage providers
     */
    StoreFactory stores(SecretsFile secrets);

    /** What turns local files into versions. */
    VersionImporter importer();

    /** What reads versions. */
    VersionReaders readers();

    /** This node's name. */
    NodeName node() throws FsException;

    /**
     * What commits uncommitted versions.
     *
     * @param catalog publishes them
     */
    StagedCommit commits(Catalog catalog) throws FsException;
  }

  /**
   * @param wiring where the parts come from
   */
  public Services(Wiring wiring) {
    this.wiring = wiring;
  }

  /** The places on this machine. */
  public Locations locations() throws FsException {
    if (locations == null) {
      locations = wiring.locations();
    }
    return locations;
  }

  /** The storage providers. */
  public Providers providers() throws FsException {
    if (providers == null) {
      ConfigurationFile file = new ConfigurationFile(locations().configuration(), Sleeper.THREAD);
      providers =
          new Providers(file, locations().implicitStore(), wiring.stores(file.secrets()), random());
    }
    return providers;
  }

  /** The datasets. */
  public Catalog catalog() throws FsException {
    if (catalog == null) {
      catalog =
          new Catalog(
              providers(), random(), clock(), Sleeper.THREAD, new Nudge(locations().nudge()));
    }
    return catalog;
  }

  /** What turns local files into versions. */
  public VersionImporter importer() {
    return wiring.importer();
  }

  /** The uncommitted versions of this node. */
  public UncommittedVersions uncommitted() throws FsException {
    if (uncommitted == null) {
      bases = new DatasetReaders(ReadOptions.USUAL, locations().blockCache());
      uncommitted =
          new UncommittedVersions(
              new NodeAreas(
                  catalog(),
                  new StagingAreas(locations().staging(), clock()),
                  bases.of(catalog()),
                  wiring.node()),
              new MountRegistry(locations().runtime()),
              wiring.commits(catalog()),
              clock());
    }
    return uncommitted;
  }

  /** What reads versions. */
  public VersionReaders readers() {
    return wiring.readers();
  }

  /** This node's name. */
  public NodeName node() throws FsException {
    return wiring.node();
  }

  /** What commits uncommitted versions. */
  public StagedCommit commits() throws FsException {
    return wiring.commits(catalog());
  }

  /** Tells the times that are stored. */
  public Clock clock() {
    return Clock.systemUTC();
  }

  /** Draws ids; safe for use by several threads. */
  public RandomGenerator random() {
    // Most commands draw nothing, and the generator takes a while to load.
    return () -> Draw.RANDOM.nextLong();
  }

  private static final class Draw {
    static final SecureRandom RANDOM = new SecureRandom();
  }

  @Override
  public void close() {
    if (bases != null) {
      bases.close();
    }
    if (providers != null) {
      providers.close();
    }
  }
}
