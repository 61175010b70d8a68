package io.datasetfs.catalog;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Where things are kept on this machine.
 *
 * @param configuration the file {@code config.yaml}
 * @param data what must not be lost: the implicit storage provider, uncommitted versions
 * @param cache what can be fetched again
 * @param runtime sockets and locks of running daemons; gone after a restart of the machine
 */
public record Locations(Path configuration, Path data, Path cache, Path runtime) {
  /** The environment variable that puts everything into one directory. */
  public static final String HOME = "DSFS_HOME";

  private static final String CONFIG_FILE = "config.yaml";
  private static final String APPLICATION = "dsfs";

  /** Requires all four. */
  public Locations {
    Objects.requireNonNull(configuration);
    Objects.requireNonNull(data);
    Objects.requireNonNull(cache);
    Objects.requireNonNull(runtime);
  }

  /**
   * Finds the places: all in {@code DSFS_HOME} when that is set; the system's directories for root;
   * the XDG directories otherwise. The home directory is {@code HOME}, as the XDG specification has
   * it: a user may have another one than the user database says, or none there.
   *
   * @param environment the process's environment
   * @param otherwise the home directory where the environment names none
   * @param root whether the user is root
   */
  public static Locations of(Map<String, String> environment, Path otherwise, boolean root) {
    String one = environment.getOrDefault(HOME, "");
    if (!one.isEmpty()) {
      Path all = Path.of(one).toAbsolutePath().normalize();
      return new Locations(
          all.resolve(CONFIG_FILE), all.resolve("data"), all.resolve("cache"), all.resolve("run"));
    }
    if (root) {
      return new Locations(
          Path.of("/etc", APPLICATION, CONFIG_FILE),
          Path.of("/var/lib", APPLICATION),
          Path.of("/var/cache", APPLICATION),
          Path.of("/run", APPLICATION));
    }
    Path home = absolute(environment, "HOME").map(Path::of).orElse(otherwise);
    Path cache = xdg(environment, "XDG_CACHE_HOME").orElse(home.resolve(".cache/dsfs"));
    return new Locations(
        xdg(environment, "XDG_CONFIG_HOME")
            .orElse(home.resolve(".config/dsfs"))
            .resolve(CONFIG_FILE),
        xdg(environment, "XDG_DATA_HOME").orElse(home.resolve(".local/share/dsfs")),
        cache,
        // Without a session there is no runtime directory; the user's cache is as private.
        xdg(environment, "XDG_RUNTIME_DIR").orElse(cache.resolve("run")));
  }

  private static Optional<Path> xdg(Map<String, String> environment, String variable) {
    // The XDG specification: a relative path is invalid and to be ignored.
    return absolute(environment, variable).map(given -> Path.of(given, APPLICATION));
  }

  private static Optional<String> absolute(Map<String, String> environment, String variable) {
    return Optional.ofNullable(environment.get(variable)).filter(given -> given.startsWith("/"));
  }

  /** The file by which processes tell each other that the catalog has changed. */
  public Path nudge() {
    return runtime.resolve("changes");
  }

  /** The directory of the heads that are kept for outages. */
  public Path keptHeads() {
    return cache.resolve("heads");
  }

  /** The directory of the disk cache of blocks, where no other is chosen. */
  public Path blockCache() {
    return cache.resolve("blocks");
  }

  /** The directory of the uncommitted versions that this node has. */
  public Path staging() {
    return data.resolve("staging");
  }

  /** The directory of the sockets by which commands talk to this user's daemons. */
  public Path control() {
    return runtime.resolve("control");
  }

  /** The directory of the implicit storage provider. */
  public Path implicitStore() {
    return data.resolve("local");
  }
}
