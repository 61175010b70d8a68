package io.datasetfs.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command as a process. */
class MainTest {
  @TempDir Path home;

  private Process start(Class<?> main, String... arguments) throws IOException {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    words.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    words.add(System.getProperty("java.class.path"));
    words.add(main.getName());
    words.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().put("DSFS_HOME", home.resolve("dsfs").toString());
    return builder.redirectError(home.resolve("err").toFile()).start();
  }

  private String err() throws IOException {
    return Files.readString(home.resolve("err"));
  }

  @Test
  void answersAndEnds() throws Exception {
    Process version = start(Main.class, "--version");
    assertEquals(
        ReleaseVersion.line() + "\n",
        new String(version.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    assertEquals(0, version.waitFor());
    Process create = start(Main.class, "datasets", "create", "--name=木");
    assertEquals(0, create.waitFor());
    Process list = start(Main.class, "datasets", "list", "--json");
    String json = new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, list.waitFor());
    assertTrue(json.contains("\"local\""), json);
    assertEquals("", err());
  }

  @Test
  void failsWithItsStatus() throws Exception {
    assertEquals(1, start(Main.class, "datasets", "details", "--id=none").waitFor());
    assertEquals("Not found: dataset 'none' (see 'dsfs datasets list')\n", err());
    assertEquals(2, start(Main.class, "datasets", "details").waitFor());
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void cleansUpWhenItIsToldToEnd(String signal, int status) throws Exception {
    Path half = home.resolve("half");
    Process process = start(InterruptedProcess.class, half.toString());
    try (BufferedReader out = process.inputReader()) {
      assertEquals("working", out.readLine());
      assertTrue(Files.exists(half));
      String pid = Long.toString(process.pid());
      assertEquals(0, new ProcessBuilder("kill", "-" + signal, pid).start().waitFor());
      assertEquals(status, process.waitFor());
      assertFalse(Files.exists(half));
    } finally {
      process.destroyForcibly();
    }
  }
}
