package io.datasetfs.cli;

import io.datasetfs.cli.cache.CacheStatus;
import io.datasetfs.cli.cache.ClearCache;
import io.datasetfs.cli.cache.PruneCache;
import io.datasetfs.cli.datasets.CreateDataset;
import io.datasetfs.cli.datasets.DeleteDataset;
import io.datasetfs.cli.datasets.ListDatasets;
import io.datasetfs.cli.datasets.ShowDataset;
import io.datasetfs.cli.datasets.UpdateDataset;
import io.datasetfs.cli.files.DeleteFiles;
import io.datasetfs.cli.files.GetFiles;
import io.datasetfs.cli.files.ListFiles;
import io.datasetfs.cli.files.PutFiles;
import io.datasetfs.cli.mounts.Mount;
import io.datasetfs.cli.mounts.Prefetch;
import io.datasetfs.cli.mounts.Unmount;
import io.datasetfs.cli.providers.CreateLocalProvider;
import io.datasetfs.cli.providers.CreateS3Provider;
import io.datasetfs.cli.providers.DeleteProvider;
import io.datasetfs.cli.providers.ListProviders;
import io.datasetfs.cli.providers.ShowProvider;
import io.datasetfs.cli.providers.UpdateProvider;
import io.datasetfs.cli.tags.DeleteTag;
import io.datasetfs.cli.tags.ListTags;
import io.datasetfs.cli.tags.SetTag;
import io.datasetfs.cli.versions.CommitVersion;
import io.datasetfs.cli.versions.CreateVersion;
import io.datasetfs.cli.versions.DeleteVersion;
import io.datasetfs.cli.versions.ListVersions;
import io.datasetfs.cli.versions.ShowVersion;
import io.datasetfs.cli.versions.UpdateVersion;
import io.datasetfs.cli.versions.VerifyVersion;
import java.util.List;
import picocli.CommandLine;

/**
 * All commands. Only those that the arguments name are loaded, and the neighbours of the first word
 * that is no command, for help and for messages: looking at all of them would take longer than most
 * commands run.
 */
final class CommandTree {
  private static final String ROOT = "dsfs";

  private final Session session;
  private final String[] arguments;

  private CommandTree(Session session, String[] arguments) {
    this.session = session;
    this.arguments = arguments;
  }

  /** A parser that understands at least {@code arguments}. */
  static CommandLine build(Session session, String... arguments) {
    return new CommandTree(session, arguments).branch(ROOT, 0);
  }

  private CommandLine branch(String path, int from) {
    CommandLine command = bare(path);
    List<String> children = children(path);
    int word = from;
    while (word < arguments.length && arguments[word].startsWith("-")) {
      word++;
    }
    String wanted = word < arguments.length ? canonical(arguments[word]) : "";
    if (children.contains(wanted)) {
      add(command, path, wanted, branch(path + " " + wanted, word + 1));
    } else {
      children.forEach(child -> add(command, path, child, bare(path + " " + child)));
    }
    return command;
  }

  /** A command without those below it. */
  private CommandLine bare(String path) {
    CommandLine command = new CommandLine(create(path));
    command.getCommandSpec().name(path.substring(path.lastIndexOf(' ') + 1));
    if (!children(path).isEmpty()) {
      command.getCommandSpec().usageMessage().description(description(path));
    }
    return command;
  }

  private static void add(CommandLine parent, String path, String name, CommandLine child) {
    if (path.equals(ROOT) && name.equals("storageProviders")) {
      parent.addSubcommand(name, child, "storage-providers");
    } else {
      parent.addSubcommand(name, child);
    }
  }

  private static String canonical(String word) {
    return word.equals("storage-providers") ? "storageProviders" : word;
  }

  private static List<String> children(String path) {
    return switch (path) {
      case ROOT -> List.of("datasets", "storageProviders", "mount", "unmount", "prefetch", "cache");
      case "dsfs datasets" ->
          List.of("list", "details", "create", "update", "delete", "versions", "tags", "files");
      case "dsfs datasets versions" ->
          List.of("list", "details", "create", "update", "commit", "delete", "verify");
      case "dsfs datasets tags" -> List.of("list", "set", "delete");
      case "dsfs datasets files" -> List.of("list", "get", "put", "delete");
      case "dsfs storageProviders" -> List.of("list", "details", "create", "update", "delete");
      case "dsfs storageProviders create" -> List.of("s3", "local");
      case "dsfs cache" -> List.of("status", "clear", "prune");
      default -> List.of();
    };
  }

  private static String description(String group) {
    return switch (group) {
      case ROOT -> "Versioned datasets as ordinary directories";
      case "dsfs datasets" -> "Manage datasets";
      case "dsfs datasets versions" -> "Manage versions";
      case "dsfs datasets tags" -> "Manage tags";
      case "dsfs datasets files" -> "Manage files";
      case "dsfs storageProviders" -> "Manage storage providers";
      case "dsfs storageProviders create" -> "Create storage providers";
      case "dsfs cache" -> "Look after the disk cache";
      default -> throw new IllegalArgumentException(group);
    };
  }

  private Object create(String path) {
    return switch (path) {
      case "dsfs datasets list" -> new ListDatasets(session);
      case "dsfs datasets details" -> new ShowDataset(session);
      case "dsfs datasets create" -> new CreateDataset(session);
      case "dsfs datasets update" -> new UpdateDataset(session);
      case "dsfs datasets delete" -> new DeleteDataset(session);
      case "dsfs datasets versions list" -> new ListVersions(session);
      case "dsfs datasets versions details" -> new ShowVersion(session);
      case "dsfs datasets versions create" -> new CreateVersion(session);
      case "dsfs datasets versions update" -> new UpdateVersion(session);
      case "dsfs datasets versions commit" -> new CommitVersion(session);
      case "dsfs datasets versions delete" -> new DeleteVersion(session);
      case "dsfs datasets tags list" -> new ListTags(session);
      case "dsfs datasets tags set" -> new SetTag(session);
      case "dsfs datasets tags delete" -> new DeleteTag(session);
      case "dsfs datasets files list" -> new ListFiles(session);
      case "dsfs datasets files get" -> new GetFiles(session);
      case "dsfs datasets files put" -> new PutFiles(session);
      case "dsfs datasets files delete" -> new DeleteFiles(session);
      case "dsfs storageProviders list" -> new ListProviders(session);
      case "dsfs storageProviders details" -> new ShowProvider(session);
      case "dsfs storageProviders create s3" -> new CreateS3Provider(session);
      case "dsfs storageProviders create local" -> new CreateLocalProvider(session);
      case "dsfs storageProviders update" -> new UpdateProvider(session);
      case "dsfs storageProviders delete" -> new DeleteProvider(session);
      case "dsfs datasets versions verify" -> new VerifyVersion(session);
      case "dsfs cache status" -> new CacheStatus(session);
      case "dsfs cache clear" -> new ClearCache(session);
      case "dsfs cache prune" -> new PruneCache(session);
      case "dsfs mount" -> new Mount(session);
      case "dsfs unmount" -> new Unmount(session);
      case "dsfs prefetch" -> new Prefetch(session);
      default -> new Group();
    };
  }
}
