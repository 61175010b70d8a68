package io.datasetfs.daemon;

import io.datasetfs.cache.CacheSize;
import io.datasetfs.cache.DiskCacheSettings;
import io.datasetfs.model.DurationText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What users choose about reading from providers that are far away. What is empty is as usual.
 *
 * @param cacheDirectory an absolute path
 * @param cacheSize how much of the disk the cache may take
 * @param cacheTtl how long unused data stays in it; whole seconds
 * @param readTimeout how long a read waits for the provider; whole seconds
 */
public record ReadOptions(
    Optional<Path> cacheDirectory,
    Optional<CacheSize> cacheSize,
    Optional<Duration> cacheTtl,
    Optional<Duration> readTimeout) {
  /** All as usual. */
  public static final ReadOptions USUAL =
      new ReadOptions(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * The disk cache that they ask for.
   *
   * @param usual the directory where none is named
   */
  public DiskCacheSettings cache(Path usual) {
    return DiskCacheSettings.of(
        cacheDirectory.orElse(usual),
        cacheSize.orElse(CacheSize.DEFAULT),
        cacheTtl.orElse(DiskCacheSettings.DEFAULT_TTL));
  }

  /** The arguments of {@code dsfs mount} that ask for the same. */
  List<String> toArguments() {
    List<String> arguments = new ArrayList<>();
    cacheDirectory.ifPresent(path -> arguments.add("--cache-dir=" + path));
    cacheSize.ifPresent(size -> arguments.add("--cache-size=" + size));
    cacheTtl.ifPresent(ttl -> arguments.add("--cache-ttl=" + DurationText.of(ttl)));
    readTimeout.ifPresent(time -> arguments.add("--read-timeout=" + DurationText.of(time)));
    return arguments;
  }
}
