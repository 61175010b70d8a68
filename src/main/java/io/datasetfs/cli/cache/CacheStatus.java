package io.datasetfs.cli.cache;

import io.datasetfs.cache.CacheInspection;
import io.datasetfs.cache.DiskCacheSettings;
import io.datasetfs.cli.DiskCacheOptions;
import io.datasetfs.cli.DsfsCommand;
import io.datasetfs.cli.ExitStatus;
import io.datasetfs.cli.Session;
import io.datasetfs.cli.TablePrinter;
import io.datasetfs.model.DurationText;
import io.datasetfs.model.FsException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code cache status}. */
@Command(description = "Show what the disk cache holds")
public final class CacheStatus extends DsfsCommand {
  @Mixin private DiskCacheOptions options;

  /**
   * @param session what it works with
   */
  public CacheStatus(Session session) {
    super(session);
  }

  @Override
  protected int run() throws FsException {
    DiskCacheSettings settings = options.settings(session().services().locations().blockCache());
    CacheInspection cache = new CacheInspection(settings.directory());
    CacheInspection.Holding held = cache.look();
    long bound = settings.size().bytes(cache.disk());
    if (json()) {
      session()
          .json(
              "directory", settings.directory().toString(),
              "bytes", held.bytes(),
              "blocks", held.blocks(),
              "pages", held.pages(),
              "size", bound,
              "ttl", settings.ttl().toSeconds(),
              "free", cache.free(),
              "oldestUse", held.oldest(),
              "lastUse", held.newest());
    } else {
      new TablePrinter()
          .row("Directory", settings.directory().toString())
          .row("Used", Long.toString(held.bytes()))
          .row("Blocks", Long.toString(held.blocks()))
          .row("Pages", Long.toString(held.pages()))
          .row("Size", "%d (%s)".formatted(bound, settings.size()))
          .row("TTL", DurationText.of(settings.ttl()))
          .row("Free", Long.toString(cache.free()))
          .row("Oldest use", shown(held.oldest()))
          .row("Last use", shown(held.newest()))
          .print(session().output());
    }
    return ExitStatus.DONE;
  }

  private static String shown(Optional<Instant> time) {
    return time.map(at -> at.truncatedTo(ChronoUnit.SECONDS).toString()).orElse("");
  }
}
