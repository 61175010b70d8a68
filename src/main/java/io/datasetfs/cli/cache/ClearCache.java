package io.datasetfs.cli.cache;

import io.datasetfs.cache.CacheInspection;
import io.datasetfs.cli.DiskCacheOptions;
import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.Session;
import io.datasetfs.model.FsException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code cache clear}. */
@Command(description = "Remove everything from the disk cache, also while it is used")
public final class ClearCache extends DsfsCommand {
  @Mixin private DiskCacheOptions options;

  /**
   * @param session what it works with
   */
  public ClearCache(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    Path usual = session().services().locations().blockCache();
    Path directory = options.settings(usual).directory();
    CacheInspection.Removed removed = new CacheInspection(directory).clear();
    return done(
        "Cleared cache: %s (%d bytes freed)".formatted(directory, removed.bytes()),
        "directory",
        directory.toString(),
        "blocks",
        removed.blocks(),
        "bytes",
        removed.bytes());
  }
}
