package io.datasetfs.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code bin/dsfs} starts, seen through a Java that only prints how it was called. */
class LauncherTest {
  /** Prints each argument on a line of its own, and makes the class archive when asked for one. */
  private static final String PRINTING_JAVA =
      """
      #!/bin/sh
      for argument; do
        printf '<%s>\\n' "$argument"
        case $argument in
          -XX:ArchiveClassesAtExit=*) [ -n "$NO_ARCHIVE" ] || echo classes >"${argument#*=}" ;;
        esac
      done
      """;

  @TempDir private Path temp;
  private Path home;
  private Path cache;
  private Path launcher;

  @BeforeEach
  void install() throws IOException {
    home = Files.createDirectories(temp.resolve("dsfs of mine"));
    launcher = home.resolve("bin/dsfs");
    cache = temp.resolve("all/cache");
    for (String script : List.of("bin/dsfs", "lib/archive-classes")) {
      Files.createDirectories(home.resolve(script).getParent());
      Files.copy(Path.of("src/dist", script), home.resolve(script));
    }
    Files.writeString(home.resolve("lib/build-id"), "b1\n");
    Files.createFile(home.resolve("lib/a.jar"));
    Files.createFile(home.resolve("lib/b.jar"));
    Files.createDirectories(home.resolve("lib/native/x86_64"));
  }

  @Test
  void argumentsArriveUnharmed() throws Exception {
    Path java = java("17.0.15");
    List<String> arguments =
        List.of("x", "a b", "", "*", "$HOME `id`", "\"q'", "l1\nl2", "--", "-v");
    String printed = run(java, arguments).out();
    String expected =
        arguments.stream()
            .map(a -> "<" + a + ">\n")
            .reduce("<io.datasetfs.cli.Main>\n", (a, b) -> a + b);
    assertTrue(printed.endsWith(expected), printed);
    assertTrue(printed.contains("<" + home + "/lib/a.jar:" + home + "/lib/b.jar>\n"), printed);
    assertTrue(
        printed.contains("<-Djffi.boot.library.path=" + home + "/lib/native/x86_64>\n"), printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--secretAccessKey=hush --name=n |--secretAccessKey --name=n|hush",
        "--secretAccessKey hush --name n |--secretAccessKey --name n|hush",
        "--name n --secret-access-key=h=u/s+h |--name n --secret-access-key|h=u/s+h",
        "--name n --secret-access-key a1-b |--name n --secret-access-key|a1-b",
        "--name n --secretAccessKey |--name n --secretAccessKey|",
        "--secretAccessKey --name n |--secretAccessKey --name n|",
        "--name n |--name n|",
      })
  void secretsMoveToTheEnvironment(String given, String passed, String secret) throws Exception {
    Path java = java("17");
    Files.writeString(
        java.resolve("bin/java"),
        "echo \"secret <${DSFS_SECRET_ACCESS_KEY-}>\"\n",
        StandardOpenOption.APPEND);
    String printed = run(java, List.of(given.strip().split(" "))).out();
    String arguments =
        Stream.of(passed.split(" ")).map(a -> "<" + a + ">\n").collect(Collectors.joining());
    assertTrue(
        printed.endsWith(
            "<io.datasetfs.cli.Main>\n"
                + arguments
                + "secret <"
                + (secret == null ? "" : secret)
                + ">\n"),
        printed);
  }

  @Test
  void linksToItAreFollowed() throws Exception {
    Path first = Files.createSymbolicLink(temp.resolve("first"), launcher);
    Path second = Files.createSymbolicLink(temp.resolve("second"), first.getFileName());
    Map<String, String> environment = Map.of("DSFS_JAVA_HOME", java("21").toString());
    String printed = Launched.of(environment, second.toString()).out();
    assertTrue(printed.contains("<-Ddsfs.launcher=" + launcher + ">"), printed);
  }

  @Test
  void olderJavaIsPassedOver() throws Exception {
    Path newer = java("22-ea");
    Map<String, String> environment =
        Map.of("DSFS_JAVA_HOME", java("11.0.2").toString(), "JAVA_HOME", newer.toString());
    Launched launched = Launched.of(environment, launcher.toString(), "x");
    assertEquals(0, launched.status(), launched.err());
    assertTrue(launched.out().contains("<x>"));
  }

  @ParameterizedTest
  @CsvSource({"17.0.15, false", "23, false", "24.0.1, true", "25.0.3, true"})
  void newerJavaIsToldThatNativeCodeIsMeant(String version, boolean told) throws Exception {
    String printed = run(java(version), List.of()).out();
    assertEquals(told, printed.contains("<--enable-native-access=ALL-UNNAMED>"), printed);
    assertEquals(told, printed.contains("<--sun-misc-unsafe-memory-access=allow>"), printed);
  }

  @ParameterizedTest
  @CsvSource({
    "datasets list, -Xmx256m",
    "datasets versions list --id=datasets, -Xmx256m",
    "-v datasets versions create --id x, -Xmx512m",
    "datasets versions commit, -Xmx512m",
    "datasets files get, -Xmx512m",
    "datasets files list, -Xmx256m",
    "mount /x, -Xmx128m",
    "prefetch x:latest, -Xmx512m",
    "mount /x --foreground, -Xmx256m",
  })
  void memoryGoesByTheCommand(String command, String bound) throws Exception {
    String printed = run(java("17"), List.of(command.split(" "))).out();
    assertTrue(printed.contains("<" + bound + ">"), printed);
  }

  @Test
  void givenOptionsComeLastAndReplaceTheCollector() throws Exception {
    Map<String, String> environment =
        Map.of("DSFS_JAVA_HOME", java("17").toString(), "DSFS_JAVA_OPTIONS", "-Xmx2g -XX:+UseZGC");
    String printed = Launched.of(environment, launcher.toString(), "x").out();
    assertTrue(printed.indexOf("<-Xmx2g>") > printed.indexOf("<-Xmx256m>"), printed);
    assertFalse(printed.contains("UseSerialGC"), printed);
  }

  @Test
  void classArchiveIsMadeOnceAndOnlyWhereACacheIs() throws Exception {
    Path java = java("17");
    assertFalse(run(java, List.of("x")).out().contains("SharedArchiveFile"));
    assertFalse(Files.exists(temp.resolve("all")), "a first call left something behind");

    Files.createDirectories(cache);
    String archive = "<-XX:SharedArchiveFile=" + cache;
    assertTrue(run(java, List.of("x")).out().contains(archive));
    List<Path> made = files(cache);
    assertEquals(1, made.size(), made::toString);
    Object written = Files.getLastModifiedTime(made.get(0));
    assertTrue(run(java, List.of("x")).out().contains(archive));
    assertEquals(written, Files.getLastModifiedTime(made.get(0)));

    Files.writeString(home.resolve("lib/build-id"), "b2\n");
    assertTrue(run(java, List.of("x")).out().contains("-b2.jsa>"));
    assertEquals(1, files(cache).size(), "the older build's archive should be gone");
  }

  @Test
  void archiveThatCannotBeMadeIsTriedOnce() throws Exception {
    Path java = java("17");
    Files.createDirectories(cache);
    Map<String, String> environment =
        Map.of(
            "DSFS_JAVA_HOME", java.toString(),
            "DSFS_HOME", temp.resolve("all").toString(),
            "NO_ARCHIVE", "1");
    Launched launched = Launched.of(environment, launcher.toString(), "x");
    assertEquals("", launched.err());
    assertFalse(launched.out().contains("SharedArchiveFile"), launched.out());
    assertEquals(1, files(cache).size());
    assertEquals(0, Files.size(files(cache).get(0)));
    assertFalse(run(java, List.of("x")).out().contains("SharedArchiveFile"));
  }

  @Test
  void archiveOfTheInstallationServesEveryone() throws Exception {
    Path java = java("17");
    Map<String, String> environment = Map.of("DSFS_JAVA_HOME", java.toString());
    String script = home.resolve("lib/archive-classes").toString();
    assertEquals(0, Launched.of(environment, script).status());
    String printed = run(java, List.of("x")).out();
    assertTrue(printed.contains("<-XX:SharedArchiveFile=" + home + "/lib/cds/"), printed);
  }

  private Launched run(Path java, List<String> arguments) throws Exception {
    Map<String, String> environment =
        Map.of("DSFS_JAVA_HOME", java.toString(), "DSFS_HOME", temp.resolve("all").toString());
    String[] command =
        Stream.concat(Stream.of(launcher.toString()), arguments.stream()).toArray(String[]::new);
    Launched launched = Launched.of(environment, command);
    assertEquals("", launched.err());
    assertEquals(0, launched.status());
    return launched;
  }

  private Path java(String version) throws IOException {
    Path java = Files.createDirectories(temp.resolve("java " + version));
    Path program = Files.createDirectories(java.resolve("bin")).resolve("java");
    Files.writeString(program, PRINTING_JAVA);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(
        java.resolve("release"),
        "IMPLEMENTOR=\"Someone\"\nJAVA_RUNTIME_VERSION=\"%1$s+7\"\nJAVA_VERSION=\"%1$s\"\nOS_ARCH=\"amd64\"\n"
            .formatted(version));
    return java;
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }
}
