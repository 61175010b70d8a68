package io.datasetfs.cli.datasets;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.ExitStatus;
import io.datasetfs.cli.JsonText;
import io.datasetfs.cli.References;
import io.datasetfs.cli.Session;
import io.datasetfs.cli.TablePrinter;
import io.datasetfs.model.FsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code datasets details}. */
@Command(description = "Show dataset details")
public final class ShowDataset extends DsfsCommand {
  @Option(names = "--id", required = true, paramLabel = "ID", description = "Dataset ID or name")
  private String id;

  /**
   * @param session what it works with
   */
  public ShowDataset(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    Dataset dataset = catalog().require(References.requireDataset(id));
    if (json()) {
      session().output().line(JsonText.of(DatasetFields.json(dataset)));
    } else {
      new TablePrinter()
          .row("Name", dataset.head().name())
          .row("ID", dataset.id().value())
          .row("Description", dataset.head().description())
          .row("StorageProvider", dataset.provider().label())
          .print(session().output());
    }
    return ExitStatus.DONE;
  }
}
