package io.datasetfs.cli.versions;

import io.datasetfs.catalog.NamedVersion;
import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.catalog.StagedReference;
import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.ExitStatus;
import io.datasetfs.cli.JsonText;
import io.datasetfs.cli.References;
import io.datasetfs.cli.Session;
import io.datasetfs.cli.TablePrinter;
import io.datasetfs.daemon.UncommittedVersions.Writer;
import io.datasetfs.daemon.UncommittedVersions.Writers;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Reference;
import io.datasetfs.model.TreeSummary;
import io.datasetfs.model.UncommittedVersion;
import io.datasetfs.model.VersionRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code datasets versions details}. */
@Command(description = "Show dataset version details")
public final class ShowVersion extends DsfsCommand {
  @Option(
      names = "--id",
      required = true,
      paramLabel = "ID:VERSION",
      description = "Dataset version (ex: dst364npcw6ccok:fo5rp4m)")
  private String id;

  /**
   * @param session what it works with
   */
  public ShowVersion(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    Reference reference = References.requireVersion(id);
    NamedVersion version = catalog().resolveAny(reference);
    if (version instanceof ResolvedVersion committed) {
      show(VersionFields.json(committed), table(committed));
    } else if (version instanceof StagedReference uncommitted) {
      Writers writers;
      try {
        writers = session().services().uncommitted().writers(uncommitted);
      } catch (FsException e) {
        ResolvedVersion committed = SecondLook.committed(catalog(), reference, e);
        show(VersionFields.json(committed), table(committed));
        return ExitStatus.DONE;
      }
      Map<String, Object> json = VersionFields.json(uncommitted);
      json.put("writers", writers.named().stream().map(ShowVersion::json).toList());
      json.put("otherWriters", writers.others());
      show(json, table(uncommitted, writers));
    }
    return ExitStatus.DONE;
  }

  private void show(Map<String, Object> json, TablePrinter table) {
    if (json()) {
      session().output().line(JsonText.of(json));
    } else {
      table.print(session().output());
    }
  }

  private static Map<String, Object> json(Writer writer) {
    return JsonText.object(
        "process", writer.process(), "command", writer.command(), "path", writer.path());
  }

  private static TablePrinter table(StagedReference staged, Writers writers) {
    UncommittedVersion version = staged.version();
    TablePrinter table =
        new TablePrinter()
            .row("ID", staged.reference())
            .row("Message", version.message())
            .row("Committed", "false")
            .row("Tags", "");
    version.base().ifPresent(b -> table.row("Parent", staged.dataset().reference(b)));
    table.row("Node", version.node()).row("Created At", version.created().toString());
    List<String> lines = new ArrayList<>();
    for (Writer writer : writers.named()) {
      lines.add(
          "%s by process %d (%s)"
              .formatted(
                  writer.path().isEmpty() ? "a removed file" : writer.path(),
                  writer.process(),
                  writer.command()));
    }
    if (writers.others() > 0) {
      lines.add("and %d others".formatted(writers.others()));
    }
    if (!lines.isEmpty()) {
      table.rowOfLines(List.of(List.of("Being Written"), lines));
    }
    return table;
  }

  private static TablePrinter table(ResolvedVersion resolved) {
    VersionRecord version = resolved.version();
    TreeSummary summary = version.tree().summary();
    TablePrinter table =
        new TablePrinter()
            .row("ID", resolved.reference())
            .row("Message", version.message())
            .row("Committed", "true")
            .row("Tags", VersionFields.tags(resolved));
    version.parent().ifPresent(p -> table.row("Parent", resolved.dataset().reference(p)));
    return table
        .row("Files", Long.toString(summary.files()))
        .row("Bytes", Long.toString(summary.bytes()))
        .row("Created At", version.created().toString())
        .row("Committed At", version.committed().toString())
        .row("Content", summary.content().toString());
  }
}
