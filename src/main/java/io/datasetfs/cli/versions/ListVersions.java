package io.datasetfs.cli.versions;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.catalog.StagedReference;
import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.ExitStatus;
import io.datasetfs.cli.References;
import io.datasetfs.cli.Session;
import io.datasetfs.cli.TablePrinter;
import io.datasetfs.model.FsException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code datasets versions list}. */
@Command(description = "List dataset versions, newest first")
public final class ListVersions extends DsfsCommand {
  @Option(names = "--id", required = true, paramLabel = "ID", description = "Dataset ID or name")
  private String id;

  @Option(
      names = {"--isCommitted", "--is-committed"},
      arity = "0..1",
      defaultValue = "true",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "Whether to show the committed or the uncommitted versions; true by default")
  private boolean committed;

  /**
   * @param session what it works with
   */
  public ListVersions(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    Dataset dataset = catalog().require(References.requireDataset(id));
    if (committed) {
      listCommitted(dataset);
    } else {
      listUncommitted(dataset);
    }
    return ExitStatus.DONE;
  }

  private void listCommitted(Dataset dataset) {
    List<ResolvedVersion> versions =
        dataset.head().versions().stream().map(v -> new ResolvedVersion(dataset, v)).toList();
    if (json()) {
      printJson(versions.stream().map(VersionFields::json).toList());
    } else {
      TablePrinter table = new TablePrinter().row("ID", "Message", "Tags");
      for (ResolvedVersion version : versions) {
        table.row(version.reference(), version.version().message(), VersionFields.tags(version));
      }
      printTable(table, versions.isEmpty());
    }
  }

  /** What has files on one node only says on which. */
  private void listUncommitted(Dataset dataset) {
    List<StagedReference> versions =
        dataset.head().uncommitted().stream().map(v -> new StagedReference(dataset, v)).toList();
    if (json()) {
      printJson(versions.stream().map(VersionFields::json).toList());
    } else {
      TablePrinter table = new TablePrinter().row("ID", "Message", "Tags", "Node");
      for (StagedReference version : versions) {
        table.row(version.reference(), version.version().message(), "", version.version().node());
      }
      printTable(table, versions.isEmpty());
    }
  }
}
