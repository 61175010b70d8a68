package io.datasetfs.cli.tags;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.ExitStatus;
import io.datasetfs.cli.JsonText;
import io.datasetfs.cli.References;
import io.datasetfs.cli.Session;
import io.datasetfs.cli.TablePrinter;
import io.datasetfs.model.FsException;
import io.datasetfs.model.VersionId;
import java.util.Map;
import java.util.SortedMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code datasets tags list}. */
@Command(description = "List dataset tags")
public final class ListTags extends DsfsCommand {
  @Option(names = "--id", required = true, paramLabel = "ID", description = "Dataset ID or name")
  private String id;

  /**
   * @param session what it works with
   */
  public ListTags(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    Dataset dataset = catalog().require(References.requireDataset(id));
    SortedMap<String, VersionId> tags = dataset.head().tags();
    if (json()) {
      printJson(tags.entrySet().stream().map(tag -> json(dataset, tag)).toList());
    } else {
      TablePrinter table = new TablePrinter().row("ID", "Name");
      tags.forEach((name, version) -> table.row(dataset.reference(version), name));
      printTable(table, tags.isEmpty());
    }
    return ExitStatus.DONE;
  }

  private static Map<String, Object> json(Dataset dataset, Map.Entry<String, VersionId> tag) {
    return JsonText.object("id", dataset.reference(tag.getValue()), "name", tag.getKey());
  }
}
