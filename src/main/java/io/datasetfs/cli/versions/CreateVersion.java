package io.datasetfs.cli.versions;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.ExitStatus;
import io.datasetfs.cli.Progress;
import io.datasetfs.cli.References;
import io.datasetfs.cli.Session;
import io.datasetfs.cli.VersionImporter;
import io.datasetfs.commit.ImportSource;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code datasets versions create}. */
@Command(description = "Create dataset version")
public final class CreateVersion extends DsfsCommand {
  @Option(names = "--id", required = true, paramLabel = "ID", description = "Dataset ID or name")
  private String id;

  @Option(
      names = "--message",
      defaultValue = "",
      paramLabel = "TEXT",
      description = "Dataset version message")
  private String message;

  @Option(
      names = {"--source-path", "--sourcePath"},
      paramLabel = "PATH",
      description =
          "Files to put into the version, which is then committed; repeatable; 'dir/' stands for"
              + " the directory's contents")
  private List<String> sourcePaths = List.of();

  @Option(names = "--from", paramLabel = "ID:VERSION", description = "Version to start from")
  private String from;

  @Option(names = "--tag", paramLabel = "NAME", description = "Tag to set on the version")
  private String tag;

  /**
   * @param session what it works with
   */
  public CreateVersion(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    String dataset = References.requireDataset(id);
    if (from != null || sourcePaths.isEmpty()) {
      throw new FsException(
          FailureKind.UNSUPPORTED,
          "This release has no uncommitted versions yet (create a version of files with"
              + " --source-path, without --from)");
    }
    if (tag != null) {
      Names.requireTagName(tag);
    }
    ImportSource source = ImportSource.of(sourcePaths, session().services().clock());
    ResolvedVersion version = importVersion(catalog().require(dataset), source);
    String reference = version.reference();
    if (json()) {
      session().json("id", reference, "committed", true);
    } else {
      session().output().line("Created dataset version: " + reference);
      session().output().line("Committed dataset version: " + reference);
    }
    return ExitStatus.DONE;
  }

  private ResolvedVersion importVersion(Dataset dataset, ImportSource source) throws FsException {
    VersionImporter.Request request =
        new VersionImporter.Request(catalog(), dataset, source, message, Optional.ofNullable(tag));
    try (Progress progress = session().progress("Uploading files")) {
      return session().services().importer().importVersion(request, progress);
    }
  }
}
