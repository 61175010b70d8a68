package io.datasetfs.cli.versions;

import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.References;
import io.datasetfs.cli.Session;
import io.datasetfs.model.FsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code datasets versions commit}. Every version that this release can make is committed. */
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

  /**
   * @param session what it works with
   */
  public CommitVersion(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    ResolvedVersion version = catalog().resolve(References.requireVersion(id));
    if (message != null) {
      // A committed version keeps its message; 'versions update' is there to change it.
      session().output().message("Warning: --message is ignored for a committed version");
    }
    return done("Dataset version already committed", "id", version.reference(), "committed", true);
  }
}
