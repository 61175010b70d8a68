package io.datasetfs.cli.datasets;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.References;
import io.datasetfs.cli.Session;
import io.datasetfs.model.FsException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code datasets update}. */
@Command(description = "Update dataset")
public final class UpdateDataset extends DsfsCommand {
  @Option(names = "--id", required = true, paramLabel = "ID", description = "Dataset ID or name")
  private String id;

  @Option(names = "--name", paramLabel = "NAME", description = "New dataset name")
  private String name;

  @Option(names = "--description", paramLabel = "TEXT", description = "New dataset description")
  private String description;

  /**
   * @param session what it works with
   */
  public UpdateDataset(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    Dataset dataset = catalog().require(References.requireDataset(id));
    catalog().update(dataset, Optional.ofNullable(name), Optional.ofNullable(description));
    return done("Updated dataset: " + dataset.id(), "id", dataset.id().value());
  }
}
