package io.datasetfs.cli.datasets;

import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.References;
import io.datasetfs.cli.Session;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code datasets delete}. */
@Command(description = "Delete dataset with all its versions")
public final class DeleteDataset extends DsfsCommand {
  @Option(names = "--id", required = true, paramLabel = "ID", description = "Dataset ID or name")
  private String id;

  /**
   * @param session what it works with
   */
  public DeleteDataset(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    String deleted = delete(References.requireDataset(id));
    return done("Deleted dataset: " + deleted, "id", deleted);
  }

  private String delete(String idOrName) throws FsException {
    try {
      var dataset = catalog().require(idOrName);
      if (!dataset.head().uncommitted().isEmpty()) {
        session().services().uncommitted().deleteAll(dataset).forEach(this::warn);
      }
      catalog().delete(dataset);
      return dataset.id().value();
    } catch (FsException e) {
      // An earlier deletion may have been interrupted when the dataset was gone already.
      boolean finished =
          e.kind() == FailureKind.NOT_FOUND
              && DatasetId.isValid(idOrName)
              && catalog().sweep(new DatasetId(idOrName));
      if (!finished) {
        throw e;
      }
      return idOrName;
    }
  }
}
