package io.datasetfs.commit;

import io.datasetfs.catalog.Catalog;
import io.datasetfs.catalog.ConfigurationFile;
import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.Providers;
import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.store.ObjectStore;
import io.datasetfs.store.Sleeper;
import io.datasetfs.store.local.LocalObjectStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.UnaryOperator;

/** A whole product without its command line: a home, a local store in it, a catalog. */
final class Workplace implements AutoCloseable {
  private final Path home;
  private final Providers providers;
  private final Catalog catalog;

  Workplace(Path home) {
    this(home, store -> store);
  }

  /** With something between the product and its store. */
  Workplace(Path home, UnaryOperator<ObjectStore> between) {
    this.home = home;
    ConfigurationFile file = new ConfigurationFile(home.resolve("config.yaml"), Sleeper.THREAD);
    this.providers =
        new Providers(
            file,
            home.resolve("local"),
            provider ->
                between.apply(LocalObjectStore.open(Path.of(provider.config().get("path")))),
            new SecureRandom());
    this.catalog = new Catalog(providers, new SecureRandom(), Clock.systemUTC(), Sleeper.THREAD);
  }

  Catalog catalog() {
    return catalog;
  }

  Dataset create(String name) throws FsException {
    return catalog.create(name, providers.list().get(0), "");
  }

  Dataset require(DatasetId id) throws FsException {
    return catalog.find(id).orElseThrow();
  }

  /** Makes a version of what is in a directory. */
  ResolvedVersion run(Dataset dataset, Path source) throws FsException {
    Optional<Path> cache = Optional.of(home.resolve("cache"));
    ImportSource paths = ImportSource.of(List.of(source + "/"), Clock.systemUTC());
    return new VersionImport(
            catalog, cache, Optional.empty(), new SecureRandom(), Clock.systemUTC())
        .run(dataset, paths, "from " + source, Optional.empty(), ImportProgress.NONE);
  }

  SortedMap<String, String> listing(Dataset dataset, TreeEntry.Directory root) throws FsException {
    return TreeListing.ofVersion(catalog.store(dataset), dataset.id(), root);
  }

  @Override
  public void close() {
    providers.close();
  }
}
