package io.datasetfs.cli.datasets;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.Providers;
import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.Session;
import io.datasetfs.model.FsException;
import io.datasetfs.model.StorageProvider;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code datasets create}. */
@Command(description = "Create dataset")
public final class CreateDataset extends DsfsCommand {
  @Option(names = "--name", required = true, paramLabel = "NAME", description = "Dataset name")
  private String name;

  @Option(
      names = {"--storageProviderId", "--storage-provider-id"},
      paramLabel = "ID",
      description = "Storage provider ID or name; 'local' when not given")
  private String provider;

  @Option(
      names = "--description",
      defaultValue = "",
      paramLabel = "TEXT",
      description = "Dataset description")
  private String description;

  /**
   * @param session what it works with
   */
  public CreateDataset(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    Providers providers = catalog().providers();
    StorageProvider chosen = provider == null ? providers.standard() : providers.require(provider);
    Dataset dataset = catalog().create(name, chosen, description);
    return done("Created dataset: " + dataset.id(), "id", dataset.id().value());
  }
}
