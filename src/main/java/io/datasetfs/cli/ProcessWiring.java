package io.datasetfs.cli;

import io.datasetfs.catalog.Catalog;
import io.datasetfs.catalog.Locations;
import io.datasetfs.catalog.NodeName;
import io.datasetfs.catalog.ProviderStores;
import io.datasetfs.catalog.SecretsFile;
import io.datasetfs.catalog.StoreFactory;
import io.datasetfs.commit.StagedCommit;
import io.datasetfs.commit.VersionImport;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.store.Retries;
import io.datasetfs.store.s3.S3Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The parts of a real process. */
final class ProcessWiring implements Services.Wiring {
  /** What the launcher takes as well. */
  private static final Path NO_HOME = Path.of("/nonexistent");

  /** How long trouble with a server is borne: shorter than a read may take. */
  private static final Duration TROUBLE_BORNE = Duration.ofSeconds(30);

  @Override
  public Locations locations() throws FsException {
    String home = System.getProperty("user.home", "");
    // The JDK calls it "?" when the user database does not know the user, as in many containers.
    Path known = home.startsWith("/") ? Path.of(home) : NO_HOME;
    return Locations.of(System.getenv(), known, isRoot());
  }

  private static boolean isRoot() throws FsException {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException e) {
      throw FsException.from("/proc/self", e);
    }
  }

  @Override
  public StoreFactory stores(SecretsFile secrets) {
    RandomGenerator random = () -> Draw.RANDOM.nextLong();
    return new ProviderStores(
        secrets, S3Limits.STANDARD, () -> Retries.within(TROUBLE_BORNE, random), random);
  }

  private static final class Draw {
    static final SecureRandom RANDOM = new SecureRandom();
  }

  @Override
  public VersionImporter importer() {
    return (request, progress) -> {
      for (Path path : request.source().roots()) {
        requireApart(path, request.dataset().provider());
      }
      return new VersionImport(
              request.catalog(),
              Optional.of(locations().cache().resolve("import")),
              Optional.of(locations().cache().resolve("indexes")),
              new SecureRandom(),
              Clock.systemUTC())
          .run(
              request.dataset(),
              request.source(),
              request.message(),
              request.tag(),
              new ImportProgressLine(progress));
    };
  }

  /** A source that holds the store grows as it is read. */
  private static void requireApart(Path source, StorageProvider provider) throws FsException {
    if (!provider.type().equals(StorageProvider.LOCAL)) {
      return;
    }
    Path store = ProviderStores.directory(provider);
    try {
      if (store.toRealPath().startsWith(source.toRealPath())) {
        throw new FsException(
            FailureKind.INVALID,
            "The source path %s holds the data of the storage provider %s, %s (choose one without)"
                .formatted(Names.printable(source.toString()), provider.label(), store));
      }
    } catch (NoSuchFileException e) {
      // The import says which of them.
      return;
    } catch (IOException e) {
      throw FsException.from(Names.printable(source.toString()), e);
    }
  }

  @Override
  public VersionReaders readers() {
    return (dataset, store) -> new TreeVersionReader(dataset, store, locations().blockCache());
  }

  @Override
  public NodeName node() throws FsException {
    return NodeName.of(System.getenv());
  }

  @Override
  public StagedCommit commits(Catalog catalog) throws FsException {
    return new StagedCommit(
        catalog,
        Optional.of(locations().cache().resolve("indexes")),
        new SecureRandom(),
        Clock.systemUTC());
  }
}
