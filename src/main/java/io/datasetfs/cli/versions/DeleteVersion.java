package io.datasetfs.cli.versions;

import io.datasetfs.catalog.NamedVersion;
import io.datasetfs.catalog.StagedReference;
import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.References;
import io.datasetfs.cli.Session;
import io.datasetfs.model.FsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code datasets versions delete}. */
@Command(description = "Delete dataset version")
public final class DeleteVersion extends DsfsCommand {
  @Option(
      names = "--id",
      required = true,
      paramLabel = "ID:VERSION",
      description = "Dataset version (ex: dst364npcw6ccok:fo5rp4m)")
  private String id;

  /**
   * @param session what it works with
   */
  public DeleteVersion(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    NamedVersion version = catalog().resolveAny(References.requireVersion(id));
    if (version instanceof StagedReference staged) {
      session().services().uncommitted().delete(staged).ifPresent(this::warn);
    } else {
      catalog().deleteVersion(version.dataset(), version.id());
    }
    return done("Deleted dataset version: " + version.reference(), "id", version.reference());
  }
}
