package io.datasetfs.cli;

import io.datasetfs.cache.CacheSize;
import io.datasetfs.daemon.ReadOptions;
import io.datasetfs.model.DurationText;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of commands that use the disk cache. */
public final class CacheOptions {
  @Option(
      names = {"--cache-dir", "--cacheDir"},
      paramLabel = "DIR",
      description = "Directory of the disk cache; may be shared by mounts and commands")
  private String directory;

  @Option(
      names = {"--cache-size", "--cacheSize"},
      paramLabel = "SIZE",
      description = "How much the disk cache may take (ex: 20G, 10%%; 0 for none; default: 20%%)")
  private String size;

  @Option(
      names = {"--cache-ttl", "--cacheTtl"},
      paramLabel = "TIME",
      description = "How long unused data stays in the disk cache (default: 14d)")
  private String ttl;

  @Option(
      names = {"--read-timeout", "--readTimeout"},
      paramLabel = "TIME",
      description = "How long a read waits for the storage provider (default: 60s)")
  private String timeout;

  /**
   * What was chosen.
   *
   * @throws FsException INVALID naming the option
   */
  public ReadOptions read() throws FsException {
    return new ReadOptions(
        directory == null ? Optional.empty() : Optional.of(path()),
        size == null ? Optional.empty() : Optional.of(CacheSize.parse("--cache-size", size)),
        duration("--cache-ttl", ttl),
        duration("--read-timeout", timeout));
  }

  private static Optional<Duration> duration(String option, String text) throws FsException {
    return text == null ? Optional.empty() : Optional.of(DurationText.parse(option, text));
  }

  private Path path() throws FsException {
    try {
      if (!directory.isEmpty()) {
        return Path.of(directory).toAbsolutePath().normalize();
      }
    } catch (InvalidPathException e) {
      // falls through to the same answer
    }
    throw new FsException(
        FailureKind.INVALID,
        "The '--cache-dir' option is no path: '%s'".formatted(Names.printable(directory)));
  }
}
