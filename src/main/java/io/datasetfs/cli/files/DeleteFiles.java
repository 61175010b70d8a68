package io.datasetfs.cli.files;

import io.datasetfs.catalog.StagedReference;
import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.ExitStatus;
import io.datasetfs.cli.Progress;
import io.datasetfs.cli.References;
import io.datasetfs.cli.Session;
import io.datasetfs.model.FsException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code datasets files delete}. A directory goes with all that it holds; of the version's root,
 * all that it holds goes. Every path is looked for before anything is deleted.
 */
@Command(description = "Delete files from an uncommitted version")
public final class DeleteFiles extends DsfsCommand {
  @Option(
      names = "--id",
      required = true,
      paramLabel = "ID:VERSION",
      description = "Dataset version (ex: dst364npcw6ccok:fo5rp4m)")
  private String id;

  @Option(names = "--path", paramLabel = "PATH", description = "Path to delete; repeatable")
  private List<String> paths = List.of();

  /**
   * @param session what it works with
   */
  public DeleteFiles(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    StagedReference version =
        Committed.requireUncommitted(catalog().resolveAny(References.requireVersion(id)));
    if (paths.isEmpty()) {
      session().output().message("Warning: nothing to delete (name it with --path)");
    }
    long files;
    try (WritableTree tree = FileTrees.openToWrite(session().services(), version);
        Progress progress = session().progress("Deleting files")) {
      Deletion deletion = new Deletion(tree, progress);
      for (String path : paths) {
        deletion.require(path);
      }
      for (String path : paths) {
        deletion.delete(path);
      }
      files = deletion.files();
    }
    if (json()) {
      session().json("id", version.reference(), "files", files);
    }
    return ExitStatus.DONE;
  }
}
