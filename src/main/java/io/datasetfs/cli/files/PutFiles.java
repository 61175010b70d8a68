package io.datasetfs.cli.files;

import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.References;
import io.datasetfs.cli.Session;
import io.datasetfs.model.FsException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code datasets files put}. */
@SuppressWarnings("UnusedVariable") // what is accepted is what a later release will use
@Command(description = "Put files into an uncommitted version")
public final class PutFiles extends DsfsCommand {
  @Option(
      names = "--id",
      required = true,
      paramLabel = "ID:VERSION",
      description = "Dataset version (ex: dst364npcw6ccok:fo5rp4m)")
  private String id;

  @Option(
      names = {"--source-path", "--sourcePath"},
      required = true,
      paramLabel = "PATH",
      description = "File or directory to put; repeatable")
  private List<String> sourcePaths;

  @Option(
      names = {"--target-path", "--targetPath"},
      defaultValue = "/",
      paramLabel = "PATH",
      description = "Target dataset file path")
  private String targetPath;

  /**
   * @param session what it works with
   */
  public PutFiles(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    throw Committed.refusal(catalog().resolve(References.requireVersion(id)));
  }
}
