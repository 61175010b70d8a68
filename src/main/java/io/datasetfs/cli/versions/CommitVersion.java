package io.datasetfs.cli.versions;

import io.datasetfs.catalog.NamedVersion;
import io.datasetfs.catalog.StagedReference;
import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.References;
import io.datasetfs.cli.Session;
import io.datasetfs.model.DurationText;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import io.datasetfs.model.Reference;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code datasets versions commit}. */
@Command(description = "Commit dataset version")
public final class CommitVersion extends DsfsCommand {
  @Option(
      names = "--id",
      required = true,
      paramLabel = "ID:VERSION",
      description = "Dataset version (ex: dst364npcw6ccok:fo5rp4m)")
  private String id;

  @Option(names = "--message", paramLabel = "TEXT", description = "Dataset version message")
  private String message;

  @Option(names = "--tag", paramLabel = "NAME", description = "Tag to set on the version")
  private String tag;

  @Option(
      names = "--wait",
      defaultValue = "30s",
      paramLabel = "TIME",
      description =
          "How long to wait for programs that have files of the version open for writing; 0: not"
              + " at all (default: ${DEFAULT-VALUE})")
  private String wait;

  /**
   * @param session what it works with
   */
  public CommitVersion(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    if (tag != null) {
      Names.requireTagName(tag);
    }
    Reference reference = References.requireVersion(id);
    NamedVersion version = catalog().resolveAny(reference);
    if (version instanceof StagedReference staged) {
      CommitLine commit = new CommitLine(session(), DurationText.parseOrZero("--wait", wait));
      try {
        commit.run(staged, Optional.ofNullable(message), Optional.ofNullable(tag));
        return done(
            "Committed dataset version: " + version.reference(),
            "id",
            version.reference(),
            "committed",
            true);
      } catch (FsException e) {
        version = SecondLook.committed(catalog(), reference, e);
      }
    }
    if (message != null) {
      // A committed version keeps its message; 'versions update' is there to change it.
      session().output().message("Warning: --message is ignored for a committed version");
    }
    if (tag != null) {
      session()
          .output()
          .message("Warning: --tag is ignored for a committed version (use 'datasets tags set')");
    }
    return done("Dataset version already committed", "id", version.reference(), "committed", true);
  }
}
