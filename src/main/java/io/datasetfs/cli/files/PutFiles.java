package io.datasetfs.cli.files;

import io.datasetfs.catalog.StagedReference;
import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.ExitStatus;
import io.datasetfs.cli.ImportProgressLine;
import io.datasetfs.cli.Progress;
import io.datasetfs.cli.References;
import io.datasetfs.cli.Session;
import io.datasetfs.commit.ImportSource;
import io.datasetfs.model.FsException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code datasets files put}. The target is always a directory, made when it is missing. As with
 * rsync, {@code dir/} stands for the directory's contents.
 */
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
      description =
          "File or directory to put; repeatable; 'dir/' stands for the directory's contents")
  private List<String> sourcePaths;

  @Option(
      names = {"--target-path", "--targetPath"},
      defaultValue = "/",
      paramLabel = "PATH",
      description = "Directory of the version that takes them; / by default")
  private String targetPath;

  /**
   * @param session what it works with
   */
  public PutFiles(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    StagedReference version =
        Committed.requireUncommitted(catalog().resolveAny(References.requireVersion(id)));
    ImportSource source = ImportSource.of(sourcePaths, session().services().clock());
    long files = put(session(), version, source, targetPath);
    if (json()) {
      session().json("id", version.reference(), "target", targetPath, "files", files);
    }
    return ExitStatus.DONE;
  }

  /**
   * Puts a source into a version.
   *
   * @param target the directory of the version that takes it
   * @return the number of files and links
   */
  public static long put(
      Session session, StagedReference version, ImportSource source, String target)
      throws FsException {
    try (WritableTree tree = FileTrees.openToWrite(session.services(), version);
        Progress progress = session.progress("Uploading files")) {
      if (progress != Progress.NONE) {
        source.measure(new ImportProgressLine(progress));
      }
      Upload upload = new Upload(tree, progress);
      upload.put(source, target);
      return upload.files();
    }
  }
}
