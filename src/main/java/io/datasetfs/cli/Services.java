package io.datasetfs.cli;

import io.datasetfs.catalog.Catalog;
import io.datasetfs.catalog.ConfigurationFile;
import io.datasetfs.catalog.Locations;
import io.datasetfs.catalog.Nudge;
import io.datasetfs.catalog.Providers;
import io.datasetfs.catalog.SecretsFile;
import io.datasetfs.catalog.StoreFactory;
import io.datasetfs.model.FsException;
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

  /** What reads versions. */
  public VersionReaders readers() {
    return wiring.readers();
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
    if (providers != null) {
      providers.close();
    }
  }
}
