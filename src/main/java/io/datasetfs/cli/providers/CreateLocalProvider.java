package io.datasetfs.cli.providers;

import io.datasetfs.catalog.Repository;
import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.Session;
import io.datasetfs.model.FsException;
import io.datasetfs.model.StorageProvider;
import java.time.Clock;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code storageProviders create local}. */
@Command(description = "Create local storage provider")
public final class CreateLocalProvider extends DsfsCommand {
  @Option(
      names = "--name",
      required = true,
      paramLabel = "NAME",
      description = "Storage provider name")
  private String name;

  @Option(
      names = "--path",
      required = true,
      paramLabel = "PATH",
      description = "Directory, made when it is missing")
  private String path;

  /**
   * @param session what it works with
   */
  public CreateLocalProvider(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    Clock clock = session().services().clock();
    StorageProvider provider =
        session()
            .services()
            .providers()
            .add(
                name,
                StorageProvider.LOCAL,
                Map.of(StorageProvider.PATH, LocalPath.absolute(path)),
                store -> Repository.createIfAbsent(store, clock));
    return done(
        "Created new storage provider with id: " + provider.id(), "id", provider.id().value());
  }
}
