package io.datasetfs.cli.files;

import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.ExitStatus;
import io.datasetfs.cli.JsonText;
import io.datasetfs.cli.LongTable;
import io.datasetfs.cli.Output;
import io.datasetfs.cli.References;
import io.datasetfs.cli.Session;
import io.datasetfs.cli.VersionReader;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
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
    void add(String name, TreeEntry entry) throws FsException;
  }

  /**
   * @param session what it works with
   */
  public ListFiles(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    var version = catalog().resolve(References.requireVersion(id));
    try (VersionTree tree = VersionTree.open(session().services(), version)) {
      TreeEntry start = tree.require(path);
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
  private void printJson(VersionTree tree, TreeEntry start) throws FsException {
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

  private void list(VersionTree tree, TreeEntry start, Listed listed) throws FsException {
    if (start instanceof TreeEntry.Directory directory) {
      list(tree.reader(), directory, "", listed);
    } else {
      listed.add(start.name(), start);
    }
  }

  private void list(
      VersionReader reader, TreeEntry.Directory directory, String prefix, Listed listed)
      throws FsException {
    reader.list(
        directory,
        entry -> {
          String name = prefix + entry.name();
          if (!(entry instanceof TreeEntry.Directory below)) {
            listed.add(name, entry);
          } else if (recursive && below.summary().entries() > 0) {
            list(reader, below, name + "/", listed);
          } else {
            listed.add(name + "/", entry);
          }
        });
  }

  private static String size(TreeEntry entry) {
    return entry instanceof TreeEntry.Directory ? "" : Long.toString(entry.size());
  }

  private static Map<String, Object> json(String name, TreeEntry entry) {
    boolean directory = entry instanceof TreeEntry.Directory;
    Map<String, Object> json =
        JsonText.object(
            "name",
            directory ? name.substring(0, name.length() - 1) : name,
            "type",
            directory ? "directory" : entry instanceof TreeEntry.Symlink ? "symlink" : "file",
            "size",
            directory ? null : entry.size(),
            "mode",
            "%04o".formatted(entry.mode()),
            "modified",
            entry.mtime());
    if (entry instanceof TreeEntry.File file) {
      json.put("sha256", file.digest().toString());
    } else if (entry instanceof TreeEntry.Symlink link) {
      json.put("target", link.target());
    }
    return json;
  }
}
