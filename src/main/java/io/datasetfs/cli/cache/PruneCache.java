package io.datasetfs.cli.cache;

import io.datasetfs.cache.CacheInspection;
import io.datasetfs.cache.DiskCacheSettings;
import io.datasetfs.cli.DiskCacheOptions;
import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.Session;
import io.datasetfs.model.FsException;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cache prune}. */
@Command(
    description =
        "Remove from the disk cache what has not been used for --cache-ttl, and the least recently"
            + " used beyond --cache-size")
public final class PruneCache extends DsfsCommand {
  @Mixin private DiskCacheOptions options;

  @Option(names = "--verify", description = "Read everything and remove what is damaged")
  private boolean verify;

  /**
   * @param session what it works with
   */
  public PruneCache(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    DiskCacheSettings settings = options.settings(session().services().locations().blockCache());
    CacheInspection cache = new CacheInspection(settings.directory());
    Instant now = session().services().clock().instant();
    CacheInspection.Removed removed =
        cache.prune(
            DiskCacheSettings.before(now, settings.ttl()),
            settings.size().bytes(cache.disk()),
            verify);
    return done(
        "Pruned cache: %s (%d bytes freed)".formatted(settings.directory(), removed.bytes()),
        "directory",
        settings.directory().toString(),
        "blocks",
        removed.blocks(),
        "bytes",
        removed.bytes());
  }
}
