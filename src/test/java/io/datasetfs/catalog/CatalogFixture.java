package io.datasetfs.catalog;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.StorageProvider;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/** A catalog over stores in memory: one for each local provider's path. */
public final class CatalogFixture {
  /** What the clock says. */
  public static final Instant NOW = Instant.parse("2026-11-22T18:00:00Z");

  private final Map<String, TestStore> stores = new ConcurrentHashMap<>();
  private final Path home;

  /**
   * @param home where the configuration file is
   */
  public CatalogFixture(Path home) {
    this.home = home;
  }

  /** Providers as a new process would see them. */
  public Providers providers() {
    ConfigurationFile file =
        new ConfigurationFile(home.resolve("config.yaml"), pause -> Thread.sleep(1));
    return new Providers(file, home.resolve("local"), this::open, new Random());
  }

  private TestStore open(StorageProvider provider) throws FsException {
    if (!provider.type().equals(StorageProvider.LOCAL)) {
      throw new FsException(FailureKind.UNSUPPORTED, provider + " can't be opened");
    }
    return store(provider.config().get(StorageProvider.PATH));
  }

  /** The implicit provider's store. */
  public TestStore store() {
    return store(home.resolve("local").toString());
  }

  /** The store of the provider with this path. */
  public TestStore store(String path) {
    return stores.computeIfAbsent(path, p -> new TestStore());
  }

  /** A catalog as a new process would see it. */
  public Catalog catalog() {
    return new Catalog(
        providers(), new Random(), Clock.fixed(NOW, ZoneOffset.UTC), pause -> Thread.sleep(1));
  }
}
