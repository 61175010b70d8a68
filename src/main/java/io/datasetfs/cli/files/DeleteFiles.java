package io.datasetfs.cli.files;

import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.References;
import io.datasetfs.cli.Session;
import io.datasetfs.model.FsException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code datasets files delete}. */
@SuppressWarnings("UnusedVariable") // what is accepted is what a later release will use
@Command(description = "Delete files from an uncommitted version")
public final class DeleteFiles extends DsfsCommand {
  @Option(
      names = "--id",
      required = true,
      paramLabel = "ID:VERSION",
      description = "Dataset version (ex: dst364npcw6ccok:fo5rp4m)")
  private String id;

  @Option(names = "--path", paramLabel = "PATH", description = "Path to delete; repeatable")
  private List<String> paths;

  /**
   * @param session what it works with
   */
  public DeleteFiles(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    throw Committed.refusal(catalog().resolve(References.requireVersion(id)));
  }
}
