package io.datasetfs.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LocationsTest {
  private static final Path HOME = Path.of("/home/ada");

  private static Locations places(String configuration, String data, String cache, String run) {
    return new Locations(Path.of(configuration), Path.of(data), Path.of(cache), Path.of(run));
  }

  @Test
  void ofAUser() {
    assertEquals(
        places(
            "/home/ada/.config/dsfs/config.yaml",
            "/home/ada/.local/share/dsfs",
            "/home/ada/.cache/dsfs",
            "/home/ada/.cache/dsfs/run"),
        Locations.of(Map.of("XDG_DATA_HOME", "relative/is/ignored"), HOME, false));
    assertEquals(
        places("/c/dsfs/config.yaml", "/d/dsfs", "/e/dsfs", "/run/user/7/dsfs"),
        Locations.of(
            Map.of(
                "XDG_CONFIG_HOME", "/c",
                "XDG_DATA_HOME", "/d",
                "XDG_CACHE_HOME", "/e",
                "XDG_RUNTIME_DIR", "/run/user/7"),
            HOME,
            false));
  }

  @Test
  void theEnvironmentNamesTheHome() {
    assertEquals(
        places(
            "/srv/all/.config/dsfs/config.yaml",
            "/srv/all/.local/share/dsfs",
            "/srv/all/.cache/dsfs",
            "/srv/all/.cache/dsfs/run"),
        Locations.of(Map.of("HOME", "/srv/all"), HOME, false));
    assertEquals(
        Path.of("/home/ada/.local/share/dsfs"),
        Locations.of(Map.of("HOME", "relative"), HOME, false).data());
  }

  @Test
  void ofRoot() {
    assertEquals(
        places("/etc/dsfs/config.yaml", "/var/lib/dsfs", "/var/cache/dsfs", "/run/dsfs"),
        Locations.of(Map.of("XDG_CONFIG_HOME", "/c"), HOME, true));
  }

  @Test
  void allInOneDirectory() {
    assertEquals(
        places("/all/config.yaml", "/all/data", "/all/cache", "/all/run"),
        Locations.of(Map.of("DSFS_HOME", "/all"), HOME, true));
  }
}
