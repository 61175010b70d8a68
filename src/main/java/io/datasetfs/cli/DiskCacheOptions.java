package io.datasetfs.cli;

import io.datasetfs.cache.CacheSize;
import io.datasetfs.cache.DiskCacheSettings;
import io.datasetfs.model.DurationText;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say where the disk cache is and how much it keeps for how long. */
public class DiskCacheOptions {
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

  /** The directory, if one was named; absolute. */
  protected final Optional<Path> directory() throws FsException {
    return directory == null ? Optional.empty() : Optional.of(path());
  }

  /** How much it may take, if that was said. */
  protected final Optional<CacheSize> size() throws FsException {
    return size == null ? Optional.empty() : Optional.of(CacheSize.parse("--cache-size", size));
  }

  /** How long unused data stays, if that was said. */
  protected final Optional<Duration> ttl() throws FsException {
    return duration("--cache-ttl", ttl);
  }

  /** The duration that an option's value tells, if there is one. */
  protected static Optional<Duration> duration(String option, String text) throws FsException {
    return text == null ? Optional.empty() : Optional.of(DurationText.parse(option, text));
  }

  /**
   * The cache that was chosen.
   *
   * @param usual the directory where none is named
   * @throws FsException INVALID naming the option
   */
  public final DiskCacheSettings settings(Path usual) throws FsException {
    return DiskCacheSettings.of(
        directory().orElse(usual),
        size().orElse(CacheSize.DEFAULT),
        ttl().orElse(DiskCacheSettings.DEFAULT_TTL));
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
