package io.datasetfs.cli.tags;

import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.References;
import io.datasetfs.cli.Session;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code datasets tags set}. */
@Command(description = "Set dataset tag, wherever it pointed before")
public final class SetTag extends DsfsCommand {
  @Option(
      names = "--id",
      required = true,
      paramLabel = "ID:VERSION",
      description = "Dataset version (ex: dst364npcw6ccok:fo5rp4m)")
  private String id;

  @Option(names = "--name", required = true, paramLabel = "NAME", description = "Dataset tag name")
  private String name;

  /**
   * @param session what it works with
   */
  public SetTag(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    Names.requireTagName(name);
    ResolvedVersion version = catalog().resolve(References.requireVersion(id));
    catalog().setTag(version.dataset(), name, version.version().id());
    String tag = version.dataset().id() + ":" + name;
    return done("Set dataset tag: " + tag, "id", tag, "version", version.reference());
  }
}
