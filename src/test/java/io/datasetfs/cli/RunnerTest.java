package io.datasetfs.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.cli.CommandFixture.Result;
import java.io.FileWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunnerTest {
  @TempDir Path home;
  private CommandFixture dsfs;

  @BeforeEach
  void open() {
    dsfs = new CommandFixture(home);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "datasets create | Missing required option: '--name=NAME' | dsfs datasets create",
        "datasets create --nme=x | Unknown option: '--nme=x' | dsfs datasets create",
        "datasets list --frob | Unknown option: '--frob' | dsfs datasets list",
        "datasets list foo | Unmatched argument at index 2: 'foo' | dsfs datasets list",
        "datasets lst | Unknown command: 'dsfs datasets lst' (did you mean 'list'?)"
            + " | dsfs datasets",
        "frobnicate | Unknown command: 'dsfs frobnicate' | dsfs",
        "datasets tags | A command is missing after 'dsfs datasets tags' (one of list, set,"
            + " delete) | dsfs datasets tags",
        "--frob | Unknown option: '--frob' | dsfs",
        "datasets create --name=a --name=b | option '--name' (NAME) should be specified only once"
            + " | dsfs datasets create",
        "datasets versions list --id=a --isCommitted=x | Invalid value for option"
            + " '--is-committed': 'x' is not a boolean | dsfs datasets versions list",
      })
  void wrongUsageIsOneLineAndAHint(String words, String message, String command) {
    assertEquals(
        new Result(2, "", message + "\nSee '" + command + " --help'.\n"),
        dsfs.run(words.split(" ", -1)));
    assertFalse(Files.exists(home.resolve("data")), "nothing is touched");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "datasets",
        "datasets versions",
        "datasets tags",
        "datasets files",
        "storageProviders",
        "storageProviders create",
        "datasets list",
        "datasets details",
        "datasets create",
        "datasets update",
        "datasets delete",
        "datasets versions list",
        "datasets versions details",
        "datasets versions create",
        "datasets versions update",
        "datasets versions commit",
        "datasets versions delete",
        "datasets tags list",
        "datasets tags set",
        "datasets tags delete",
        "datasets files list",
        "datasets files get",
        "datasets files put",
        "datasets files delete",
        "storageProviders list",
        "storageProviders details",
        "storageProviders create s3",
        "storageProviders create local",
        "storageProviders update",
        "storageProviders delete",
        "storage-providers create local",
      })
  void everyLevelHasHelpAndVersion(String words) {
    String[] help = (words + " --help").strip().split(" ", -1);
    Result result = dsfs.run(help);
    assertEquals(0, result.status());
    assertEquals("", result.err());
    String name = ("dsfs " + words.replace("storage-p", "storageP")).strip();
    assertTrue(result.out().startsWith("Usage: " + name + " ["), result.out());
    Result version = dsfs.run((words + " --version").strip().split(" ", -1));
    assertEquals(new Result(0, ReleaseVersion.line() + "\n", ""), version);
  }

  @Test
  void helpListsCommandsInOrder() {
    Result result = dsfs.run("datasets", "--help");
    List<String> commands =
        result
            .out()
            .lines()
            .dropWhile(l -> !l.equals("Commands:"))
            .skip(1)
            .map(l -> l.strip().split(" ", -1)[0])
            .toList();
    assertEquals(
        List.of("list", "details", "create", "update", "delete", "versions", "tags", "files"),
        commands);
  }

  @Test
  void verboseShowsWhereAnErrorComesFrom() {
    assertEquals(1, dsfs.run("datasets", "details", "--id=none").err().lines().count());
    for (String[] words :
        new String[][] {
          {"-v", "datasets", "details", "--id=none"}, {"datasets", "details", "--id=none", "-v"}
        }) {
      Result result = dsfs.run(words);
      assertTrue(result.err().contains("at io.datasetfs.catalog"), result.err());
      assertTrue(result.err().startsWith("Not found: dataset 'none'"), result.err());
    }
  }

  @Test
  void messagesStayOnOneLine() {
    Result result = dsfs.run("datasets", "details", "--id=a\nb\u001b[2J");
    assertEquals(1, result.err().lines().count());
    assertFalse(result.err().contains("\u001b"));
  }

  @Test
  void valuesAreTakenAsTheyAre() {
    dsfs.id("datasets", "create", "--name=@home ${x} a,b", "--description", "'q'");
    assertTrue(dsfs.run("datasets", "list").out().contains("| @home ${x} a,b |"));
  }

  /** Takes nothing. */
  private static final class Closed extends Writer {
    private final String reason;

    Closed(String reason) {
      this.reason = reason;
    }

    @Override
    public void write(char[] buffer, int offset, int length) throws IOException {
      throw new IOException(reason);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void endsQuietlyWhenTheReaderHasGone() {
    StringWriter err = new StringWriter();
    assertEquals(141, dsfs.run(new Closed("Broken pipe"), err, "storageProviders", "list"));
    assertEquals("", err.toString());
  }

  @Test
  void saysWhenResultsAreLost() throws IOException {
    StringWriter err = new StringWriter();
    try (Writer full = new FileWriter("/dev/full", StandardCharsets.UTF_8)) {
      assertEquals(1, dsfs.run(full, err, "storageProviders", "list"));
      assertEquals("Standard output can't be written: No space left on device\n", err.toString());
    } catch (IOException e) {
      // Closing tries again what could not be written.
      assertEquals("No space left on device", e.getMessage());
    }
  }
}
