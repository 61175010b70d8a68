package io.datasetfs.cli;

import io.datasetfs.catalog.Locations;
import io.datasetfs.catalog.StoreFactory;
import io.datasetfs.commit.ImportProgress;
import io.datasetfs.commit.ImportSource;
import io.datasetfs.commit.TreeImporter;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.store.ObjectStore;
import io.datasetfs.store.local.LocalObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The parts of a real process. */
final class ProcessWiring implements Services.Wiring {
  @Override
  public Locations locations() throws FsException {
    return Locations.of(System.getenv(), Path.of(System.getProperty("user.home")), isRoot());
  }

  private static boolean isRoot() throws FsException {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException e) {
      throw FsException.from("/proc/self", e);
    }
  }

  @Override
  public StoreFactory stores() {
    return ProcessWiring::open;
  }

  private static ObjectStore open(StorageProvider provider) throws FsException {
    if (!provider.type().equals(StorageProvider.LOCAL)) {
      throw new FsException(
          FailureKind.UNSUPPORTED,
          "The storage provider %s is of type '%s', which this release can't use (update dsfs)"
              .formatted(provider.label(), provider.type()));
    }
    String path = provider.config().get(StorageProvider.PATH);
    if (path == null || !path.startsWith("/")) {
      throw new FsException(
          FailureKind.INVALID,
          "The storage provider %s has no absolute 'path' (give it one with 'dsfs storageProviders"
                  .formatted(provider.label())
              + " update')");
    }
    return LocalObjectStore.open(Path.of(path));
  }

  @Override
  public VersionImporter importer() {
    return (request, progress) -> {
      List<String> paths = new ArrayList<>();
      for (VersionImporter.Source source : request.sources()) {
        paths.add(source.path() + (source.contents() ? "/" : ""));
      }
      Clock clock = Clock.systemUTC();
      return new TreeImporter(
              request.store(),
              request.dataset().id(),
              Optional.of(locations().cache().resolve("import")),
              new SecureRandom(),
              clock)
          .run(ImportSource.of(paths, clock), new ImportProgressLine(progress))
          .root();
    };
  }

  @Override
  public VersionReaders readers() {
    return TreeVersionReader::new;
  }

  private record ImportProgressLine(Progress line) implements ImportProgress {
    @Override
    public boolean wantsTotals() {
      return line != Progress.NONE;
    }

    @Override
    public void expect(long bytes) {
      line.total(bytes);
    }

    @Override
    public void advance(long bytes) {
      line.advance(bytes);
    }
  }
}
