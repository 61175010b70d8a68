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
import io.datasetfs.model.Reference;
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

  @Option(
      names = "--from",
      paramLabel = "ID:VERSION",
      description = "Committed version to start from: a reference, a version ID, a tag or latest")
  private String from;

  @Option(
      names = "--tag",
      paramLabel = "NAME",
      description = "Tag to set on the version, with --source-path")
  private String tag;

  /**
   * @param session what it works with
   */
  public CreateVersion(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    String given = References.requireDataset(id);
    if (tag != null) {
      Names.requireTagName(tag);
      if (sourcePaths.isEmpty()) {
        throw new FsException(
            FailureKind.INVALID,
            "The '--tag' option needs '--source-path': only committed versions have tags (give the"
                + " tag to 'dsfs datasets versions commit')");
      }
    }
    if (sourcePaths.isEmpty()) {
      return createUncommitted(catalog().require(given));
    }
    ImportSource source = ImportSource.of(sourcePaths, session().services().clock());
    Dataset dataset = catalog().require(given);
    String reference =
        from == null
            ? importVersion(dataset, source).reference()
            : new VersionOnTop(session()).create(dataset, base(dataset), source, message, tag);
    if (json()) {
      session().json("id", reference, "committed", true);
    } else {
      session().output().line("Created dataset version: " + reference);
      session().output().line("Committed dataset version: " + reference);
    }
    return ExitStatus.DONE;
  }

  private int createUncommitted(Dataset dataset) throws FsException {
    Optional<ResolvedVersion> base = from == null ? Optional.empty() : Optional.of(base(dataset));
    String reference =
        session().services().uncommitted().create(dataset, message, base).reference();
    return done("Created dataset version: " + reference, "id", reference, "committed", false);
  }

  /** The version to start from: a whole reference, or what stands behind its colon. */
  private ResolvedVersion base(Dataset dataset) throws FsException {
    String text = from.indexOf(':') < 0 ? dataset.id() + ":" + from : from;
    Reference reference = Reference.parse(text);
    boolean same =
        reference.dataset().equals(dataset.id().value())
            || reference.dataset().equals(dataset.head().name());
    if (!same) {
      throw new FsException(
          FailureKind.INVALID,
          "The '--from' option names a version of another dataset (name one of %s)"
              .formatted(dataset.id()));
    }
    String selector = reference.selector().orElseThrow();
    return catalog().resolve(new Reference(dataset.id().value(), Optional.of(selector)));
  }

  private ResolvedVersion importVersion(Dataset dataset, ImportSource source) throws FsException {
    VersionImporter.Request request =
        new VersionImporter.Request(catalog(), dataset, source, message, Optional.ofNullable(tag));
    try (Progress progress = session().progress("Uploading files")) {
      return session().services().importer().importVersion(request, progress);
    }
  }
}
