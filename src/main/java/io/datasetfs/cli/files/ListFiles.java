package io.datasetfs.cli.files;

import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.ExitStatus;
import io.datasetfs.cli.JsonText;
import io.datasetfs.cli.LongTable;
import io.datasetfs.cli.Output;
import io.datasetfs.cli.References;
import io.datasetfs.cli.Session;
import io.datasetfs.model.FsException;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code datasets files list}. A directory's name ends in a slash. With {@code --recursive}, names
 * are paths from the listed directory, and directories are listed only where they are empty: the
 * others show in the paths of what they hold.
 */
@Command(description = "List files")
public final class ListFiles extends DsfsCommand {
  @Option(
      names = "--id",
      required = true,
      paramLabel = "ID:VERSION",
      description = "Dataset version (ex: dst364npcw6ccok:fo5rp4m)")
  private String id;

  @Option(
      names = "--path",
      defaultValue = "/",
      paramLabel = "PATH",
      description = "Directory or file to list; / by default")
  private String path;

  @Option(
      names = "--recursive",
      arity = "0..1",
      defaultValue = "false",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "List what is in and below the directory")
  private boolean recursive;

  /** Takes the entries and what they are listed as. */
  @FunctionalInterface
  private interface Listed {
    void add(String name, FileEntry entry) throws FsException;
  }

  /**
   * @param session what it works with
   */
  public ListFiles(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    var version = catalog().resolveAny(References.requireVersion(id));
    try (FileTree tree = FileTrees.open(session().services(), version)) {
      FileEntry start = tree.require(path);
      if (json()) {
        printJson(tree, start);
      } else {
        printTable(
            new LongTable("Name", "Size"),
            row -> list(tree, start, (name, entry) -> row.add(name, size(entry))));
      }
    }
    return ExitStatus.DONE;
  }

  /** A long listing does not fit into memory: every element is printed when the next one comes. */
  private void printJson(FileTree tree, FileEntry start) throws FsException {
    Output output = session().output();
    String[] last = new String[1];
    list(
        tree,
        start,
        (name, entry) -> {
          output.line(last[0] == null ? "[" : last[0] + ",");
          last[0] = JsonText.of(json(name, entry));
        });
    if (last[0] == null) {
      output.line("[]");
    } else {
      output.line(last[0]);
      output.line("]");
    }
  }

  private void list(FileTree tree, FileEntry start, Listed listed) throws FsException {
    if (start.isDirectory()) {
      boolean unused = list(tree, start, "", listed);
    } else {
      listed.add(start.name(), start);
    }
  }

  /** Returns whether there was anything in the directory. */
  private boolean list(FileTree tree, FileEntry directory, String prefix, Listed listed)
      throws FsException {
    boolean[] any = new boolean[1];
    tree.list(
        directory,
        entry -> {
          any[0] = true;
          String name = prefix + entry.name();
          if (!entry.isDirectory()) {
            listed.add(name, entry);
          } else if (!recursive || !list(tree, entry, name + "/", listed)) {
            listed.add(name + "/", entry);
          }
        });
    return any[0];
  }

  private static String size(FileEntry entry) {
    return entry.isDirectory() ? "" : Long.toString(entry.size());
  }

  private static Map<String, Object> json(String name, FileEntry entry) {
    boolean directory = entry.isDirectory();
    Map<String, Object> json =
        JsonText.object(
            "name",
            directory ? name.substring(0, name.length() - 1) : name,
            "type",
            entry.kind().name().toLowerCase(Locale.ROOT),
            "size",
            directory ? null : entry.size(),
            "mode",
            "%04o".formatted(entry.mode()),
            "modified",
            entry.mtime());
    entry.digest().ifPresent(digest -> json.put("sha256", digest.toString()));
    entry.target().ifPresent(target -> json.put("target", target));
    return json;
  }
}
