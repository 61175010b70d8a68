package io.datasetfs.cli.files;

import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.ExitStatus;
import io.datasetfs.cli.Progress;
import io.datasetfs.cli.References;
import io.datasetfs.cli.Session;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code datasets files get}. The target is a directory, made when it is missing, with one
 * exception as in {@code cp}: a single file goes to a target that is no directory under the
 * target's own name.
 */
@Command(description = "Get files")
public final class GetFiles extends DsfsCommand {
  @Option(
      names = "--id",
      required = true,
      paramLabel = "ID:VERSION",
      description = "Dataset version (ex: dst364npcw6ccok:fo5rp4m)")
  private String id;

  @Option(
      names = {"--target-path", "--targetPath"},
      required = true,
      paramLabel = "PATH",
      description = "Target directory path")
  private String targetPath;

  @Option(
      names = {"--source-path", "--sourcePath"},
      paramLabel = "PATH",
      description =
          "File or directory to get; repeatable; 'dir/' stands for the directory's contents; / by"
              + " default")
  private List<String> sourcePaths = List.of("/");

  /** A source path and what is there. */
  private record Source(String path, FileEntry entry) {
    boolean contents() {
      return entry.name().isEmpty() || path.endsWith("/") || path.endsWith("/.");
    }
  }

  /**
   * @param session what it works with
   */
  public GetFiles(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    Path target = target();
    var version = catalog().resolveAny(References.requireVersion(id));
    long files;
    try (FileTree tree = FileTrees.open(session().services(), version);
        Progress progress = session().progress("Downloading files")) {
      List<Source> sources = new ArrayList<>();
      for (String path : sourcePaths) {
        sources.add(new Source(path, tree.require(path)));
      }
      if (progress != Progress.NONE) {
        long total = 0;
        for (Source source : sources) {
          total += tree.bytes(source.entry());
        }
        progress.total(total);
      }
      Download download = new Download(tree, progress, session().services().random());
      for (Source source : sources) {
        get(source, target, download);
      }
      files = download.files();
    }
    if (json()) {
      session().json("id", version.reference(), "target", target.toString(), "files", files);
    }
    return ExitStatus.DONE;
  }

  private void get(Source source, Path target, Download download) throws FsException {
    boolean renamed =
        sourcePaths.size() == 1
            && !source.entry().isDirectory()
            && !targetPath.endsWith("/")
            && !Files.isDirectory(target);
    if (renamed) {
      download.base(target.getParent());
      download.entry(source.entry(), target);
    } else if (source.contents() && source.entry().isDirectory()) {
      download.contents(source.entry(), target);
    } else {
      download.base(target);
      download.entry(source.entry(), Download.child(target, source.entry().name()));
    }
  }

  private Path target() throws FsException {
    try {
      if (targetPath.isEmpty()) {
        throw new FsException(FailureKind.INVALID, "The '--target-path' option is empty");
      }
      return Path.of(targetPath).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new FsException(
          FailureKind.INVALID, "The '--target-path' option is no path: " + e.getReason(), e);
    }
  }
}
