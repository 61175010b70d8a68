package io.datasetfs.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The packaged product, on every Java of this machine that it supports. */
class DistributionTest {
  private static final Path HOME = Path.of(System.getProperty("dsfs.distribution"));

  @TempDir private Path temp;
  private Path unpacked;

  @BeforeEach
  void makeTemporaryDirectory() throws IOException {
    unpacked = Files.createDirectory(temp.resolve("tmp"));
  }

  static Set<Path> javas() throws IOException {
    List<Path> candidates = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
    Path installed = Path.of("/usr/lib/jvm");
    if (Files.isDirectory(installed)) {
      try (Stream<Path> all = Files.list(installed)) {
        all.sorted().forEach(candidates::add);
      }
    }
    Set<Path> javas = new LinkedHashSet<>();
    for (Path candidate : candidates) {
      Path release = candidate.resolve("release");
      if (Files.isExecutable(candidate.resolve("bin/java")) && Files.isReadable(release)) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(release)) {
          properties.load(reader);
        }
        String version = properties.getProperty("JAVA_VERSION", "0").replace("\"", "");
        if (Runtime.Version.parse(version).feature() >= 17) {
          javas.add(candidate.toRealPath());
        }
      }
    }
    return javas;
  }

  @ParameterizedTest
  @MethodSource("javas")
  void tellsItsVersionAndNothingElse(Path java) throws Exception {
    Launched launched = dsfs(java, "--version");
    String directory = HOME.getFileName().toString();
    String version = directory.substring(directory.indexOf('-') + 1);
    assertTrue(launched.out().contains(version), launched.out());
    assertEquals("", launched.err());
  }

  @ParameterizedTest
  @MethodSource("javas")
  void importsAndMountsWithoutUnpackingLibraries(Path java) throws Exception {
    Path source = Files.createDirectory(temp.resolve("source"));
    String text = "the same line again\n".repeat(10_000);
    Files.writeString(source.resolve("Größe.txt"), text);
    Path mount = Files.createDirectory(temp.resolve("mount"));

    dsfs(java, "datasets", "create", "--name=things");
    dsfs(java, "datasets", "versions", "create", "--id=things", "--source-path=" + source + "/");
    dsfs(java, "mount", mount.toString());
    try {
      assertEquals(text, Files.readString(mount.resolve("things/latest/Größe.txt")));
    } finally {
      dsfs(java, "unmount", mount.toString());
    }
    try (Stream<Path> left = Files.list(unpacked)) {
      assertEquals(List.of(), left.toList(), "left in the temporary directory");
    }
  }

  @Test
  void rehearsalLoadsWhatAMountOfABucketLoads(@TempDir Path temp) throws Exception {
    Path log = temp.resolve("log");
    Map<String, String> environment =
        Map.of(
            "DSFS_HOME",
            temp.resolve("home").toString(),
            "DSFS_CLASS_ARCHIVE",
            "rehearsal",
            "DSFS_JAVA_OPTIONS",
            "-Xlog:class+load:file=" + log);
    Launched launched =
        Launched.of(environment, HOME.resolve("bin/dsfs").toString(), "datasets", "list");
    assertEquals("", launched.err());
    assertEquals(0, launched.status());
    String loaded = Files.readString(log);
    for (String type :
        List.of(
            "io.datasetfs.fuse.kernel.Operations",
            "io.datasetfs.cache.DiskTier",
            "software.amazon.awssdk.services.s3.DefaultS3Client",
            "software.amazon.awssdk.services.s3.model.GetObjectResponse")) {
      assertTrue(loaded.contains(" " + type + " "), type);
    }
  }

  @Test
  void carriesNativeLibrariesOfLinuxOnly() throws IOException {
    Path lib = HOME.resolve("lib");
    for (String architecture : List.of("x86_64", "aarch64")) {
      for (String library :
          List.of("libjffi-1.2.so", "libjlinenative.so", "libsqlitejdbc.so", "libzstd-jni.so")) {
        assertTrue(
            Files.isRegularFile(lib.resolve("native").resolve(architecture).resolve(library)));
      }
    }
    try (Stream<Path> jars = Files.list(lib)) {
      for (Path jar : jars.filter(file -> file.toString().endsWith(".jar")).toList()) {
        try (ZipFile entries = new ZipFile(jar.toFile())) {
          List<String> libraries =
              entries.stream()
                  .map(ZipEntry::getName)
                  .filter(name -> name.matches(".*[.](so|dll|dylib|jnilib|a)"))
                  .toList();
          assertEquals(List.of(), libraries, jar::toString);
        }
      }
    }
  }

  /**
   * Runs dsfs in this test's own place; requires that it succeeds and that Java warns of nothing.
   */
  private Launched dsfs(Path java, String... arguments) throws Exception {
    Map<String, String> environment = new HashMap<>();
    environment.put("DSFS_JAVA_HOME", java.toString());
    environment.put("DSFS_JAVA_OPTIONS", "-Djava.io.tmpdir=" + unpacked);
    environment.put("DSFS_HOME", temp.resolve("home").toString());
    List<String> command = new ArrayList<>(List.of(HOME.resolve("bin/dsfs").toString()));
    command.addAll(List.of(arguments));
    Launched launched = Launched.of(environment, command.toArray(String[]::new));
    assertEquals(0, launched.status(), launched.err());
    assertFalse(launched.err().contains("WARNING"), launched.err());
    return launched;
  }
}
