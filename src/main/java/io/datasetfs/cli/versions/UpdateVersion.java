package io.datasetfs.cli.versions;

import io.datasetfs.catalog.NamedVersion;
import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.References;
import io.datasetfs.cli.Session;
import io.datasetfs.model.FsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code datasets versions update}. */
@Command(description = "Update dataset version")
public final class UpdateVersion extends DsfsCommand {
  @Option(
      names = "--id",
      required = true,
      paramLabel = "ID:VERSION",
      description = "Dataset version (ex: dst364npcw6ccok:fo5rp4m)")
  private String id;

  @Option(names = "--message", paramLabel = "TEXT", description = "New dataset version message")
  private String message;

  /**
   * @param session what it works with
   */
  public UpdateVersion(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    NamedVersion version = catalog().resolveAny(References.requireVersion(id));
    if (message != null) {
      catalog().updateMessage(version.dataset(), version.id(), message);
    }
    return done("Updated dataset version: " + version.reference(), "id", version.reference());
  }
}
