package io.datasetfs.cli.versions;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.ExitStatus;
import io.datasetfs.cli.Progress;
import io.datasetfs.cli.References;
import io.datasetfs.cli.Session;
import io.datasetfs.cli.VersionImporter;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.VersionRecord;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
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
    ResolvedVersion version = importVersion(dataset, sources());
    String reference = version.reference();
    if (json()) {
      session().json("id", reference, "committed", true);
    } else {
      session().output().line("Created dataset version: " + reference);
      session().output().line("Committed dataset version: " + reference);
    }
    return ExitStatus.DONE;
  }

  private List<VersionImporter.Source> sources() throws FsException {
    List<VersionImporter.Source> sources = new ArrayList<>();
    for (String text : sourcePaths) {
      Path path = path(text);
      // With a slash at the end, a symbolic link stands for the directory that it points to.
      boolean contents = text.endsWith("/") || text.equals(".") || text.endsWith("/.");
      boolean there = contents ? Files.exists(path) : Files.exists(path, LinkOption.NOFOLLOW_LINKS);
      if (text.isEmpty() || !there) {
        throw new FsException(FailureKind.NOT_FOUND, "Source path not found: " + text);
      }
      if (contents && !Files.isDirectory(path)) {
        throw new FsException(FailureKind.NOT_DIRECTORY, "Source path is no directory: " + text);
      }
      sources.add(new VersionImporter.Source(path, contents));
    }
    return sources;
  }

  private static Path path(String text) throws FsException {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new FsException(FailureKind.NOT_FOUND, "Source path not found: " + text, e);
    }
  }

  private ResolvedVersion importVersion(String idOrName, List<VersionImporter.Source> sources)
      throws FsException {
    Dataset dataset = catalog().require(idOrName);
    try {
      return importVersion(dataset, sources);
    } catch (FsException e) {
      if (e.kind() == FailureKind.NOT_FOUND) {
        catalog().sweepIfDeleted(dataset, e);
      }
      throw e;
    }
  }

  private ResolvedVersion importVersion(Dataset dataset, List<VersionImporter.Source> sources)
      throws FsException {
    Instant created = session().services().clock().instant();
    TreeEntry.Directory tree;
    try (Progress progress = session().progress("Uploading files")) {
      VersionImporter.Request request =
          new VersionImporter.Request(dataset, catalog().store(dataset), sources);
      tree = session().services().importer().importTree(request, progress);
    }
    VersionRecord draft =
        new VersionRecord(
            catalog().newVersionId(dataset), 0, message, created, created, Optional.empty(), tree);
    return catalog().publish(dataset, draft, Optional.ofNullable(tag));
  }
}
