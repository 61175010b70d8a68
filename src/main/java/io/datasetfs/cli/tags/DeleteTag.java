package io.datasetfs.cli.tags;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.References;
import io.datasetfs.cli.Session;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Reference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code datasets tags delete}. */
@Command(description = "Delete dataset tag")
public final class DeleteTag extends DsfsCommand {
  @Option(
      names = "--id",
      required = true,
      paramLabel = "ID:TAG",
      description = "Dataset tag (ex: dst364npcw6ccok:golden)")
  private String id;

  /**
   * @param session what it works with
   */
  public DeleteTag(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    Reference reference = References.requireTag(id);
    String tag = reference.selector().orElseThrow();
    Dataset dataset = catalog().require(reference.dataset());
    catalog().removeTag(dataset, tag);
    String deleted = dataset.id() + ":" + tag;
    return done("Deleted dataset tag: " + deleted, "id", deleted);
  }
}
