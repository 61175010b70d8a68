package io.datasetfs.cli.providers;

import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.Session;
import io.datasetfs.model.FsException;
import io.datasetfs.model.StorageProvider;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code storageProviders delete}. */
@Command(description = "Delete storage provider; what is stored there stays")
public final class DeleteProvider extends DsfsCommand {
  @Option(
      names = "--id",
      required = true,
      paramLabel = "ID",
      description = "Storage provider ID or name")
  private String id;

  /**
   * @param session what it works with
   */
  public DeleteProvider(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    StorageProvider gone = session().services().providers().remove(id);
    return done("Deleted storage provider: " + gone.id(), "id", gone.id().value());
  }
}
