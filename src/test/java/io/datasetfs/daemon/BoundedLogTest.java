package io.datasetfs.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class BoundedLogTest {
  private static final int LINES = 5000;
  private static final long BOUND = 100_000;

  @TempDir Path temporary;

  /** The daemon: logs far more than the bound. */
  public static void main(String[] arguments) {
    DaemonLog.begin();
    DaemonLog.bound(BOUND);
    System.Logger log = System.getLogger(BoundedLogTest.class.getName());
    for (int i = 0; i < LINES; i++) {
      log.log(System.Logger.Level.WARNING, "line " + i + " of a daemon that has much to say");
    }
    System.err.println("the JVM's last words");
  }

  @Test
  void aLogStaysWithinItsBoundAndEndsWithTheLastWords() throws Exception {
    Path log = temporary.resolve("mount.log");
    Process daemon =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    BoundedLogTest.class.getName()))
            .redirectError(Redirect.appendTo(log.toFile()))
            .start();
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(daemon.getInputStream(), StandardCharsets.UTF_8))) {
      assertEquals(null, output.readLine());
    }
    assertTrue(daemon.waitFor(60, TimeUnit.SECONDS));
    List<String> last = Files.readAllLines(log);
    List<String> earlier = Files.readAllLines(BoundedLog.earlier(log));
    assertTrue(Files.size(log) <= BOUND + 10_000, () -> "" + last.size());
    assertTrue(Files.size(BoundedLog.earlier(log)) <= BOUND + 10_000);
    assertEquals("the JVM's last words", last.get(last.size() - 1));
    // Nothing was lost between the two.
    assertEquals(number(earlier.get(earlier.size() - 1)) + 1, number(last.get(0)));
    assertEquals(LINES - 1, number(last.get(last.size() - 2)));
  }

  private static int number(String line) {
    return Integer.parseInt(line.replaceAll(".* line ([0-9]+) of .*", "$1"));
  }
}
