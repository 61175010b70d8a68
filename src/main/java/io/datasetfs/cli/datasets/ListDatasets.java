package io.datasetfs.cli.datasets;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.Listing;
import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.ExitStatus;
import io.datasetfs.cli.Session;
import io.datasetfs.cli.TablePrinter;
import io.datasetfs.model.FsException;
import picocli.CommandLine.Command;

/** {@code datasets list}. */
@Command(description = "List datasets")
public final class ListDatasets extends DsfsCommand {
  /**
   * @param session what it works with
   */
  public ListDatasets(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    Listing listing = catalog().list();
    boolean complete = listing.failures().isEmpty();
    if (json()) {
      printJson(listing.datasets().stream().map(DatasetFields::json).toList());
    } else if (complete || !listing.datasets().isEmpty()) {
      TablePrinter table = new TablePrinter().row("Name", "ID", "Storage Provider");
      for (Dataset dataset : listing.datasets()) {
        table.row(dataset.head().name(), dataset.id().value(), dataset.provider().label());
      }
      printTable(table, listing.datasets().isEmpty());
    }
    session().output().flush();
    for (FsException failure : listing.failures()) {
      warn(failure);
    }
    return complete ? ExitStatus.DONE : ExitStatus.FAILED;
  }
}
