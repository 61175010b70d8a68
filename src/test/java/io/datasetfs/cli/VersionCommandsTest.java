package io.datasetfs.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datasetfs.cli.CommandFixture.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionCommandsTest {
  @TempDir Path home;
  private CommandFixture dsfs;
  private String dataset;
  private Path source;

  @BeforeEach
  void open() throws IOException {
    dsfs = new CommandFixture(home);
    dataset = dsfs.id("datasets", "create", "--name=icons");
    source = Files.createDirectory(home.resolve("source"));
    Files.writeString(source.resolve("a.txt"), "hello");
    Files.writeString(Files.createDirectory(source.resolve("sub")).resolve("b.txt"), "b");
  }

  private void assertSays(String out, String... arguments) {
    assertEquals(new Result(0, out, ""), dsfs.run(arguments));
  }

  private void assertFails(int status, String err, String... arguments) {
    assertEquals(new Result(status, "", err), dsfs.run(arguments));
  }

  private JsonNode json(String... arguments) throws IOException {
    Result result = dsfs.run(arguments);
    assertEquals("", result.err());
    assertEquals(0, result.status());
    return new ObjectMapper().readTree(result.out());
  }

  private String create(String message, String... more) {
    String[] arguments =
        new String[] {
          "datasets",
          "versions",
          "create",
          "--id=icons",
          "--source-path",
          source + "/",
          "--message",
          message
        };
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of(more));
    return dsfs.id(all.toArray(String[]::new));
  }

  @Test
  void createsAndCommits() {
    Result result =
        dsfs.run(
            "datasets", "versions", "create", "--id=" + dataset, "--source-path=" + source + "/");
    assertEquals("", result.err());
    String version = result.out().strip().substring(result.out().lastIndexOf(':') + 1);
    assertTrue(version.matches("[a-z0-9]{7}"), version);
    assertEquals(
        """
        Created dataset version: %1$s:%2$s
        Committed dataset version: %1$s:%2$s
        """
            .formatted(dataset, version),
        result.out());
  }

  @Test
  void listsNewestFirst() throws IOException {
    assertSays("No data found\n", "datasets", "versions", "list", "--id=icons");
    String first = create("first", "--tag=golden");
    String second = create("second\n木");
    assertSays(
        """
        +-------------------------+------------+--------+
        | ID                      | Message    | Tags   |
        +-------------------------+------------+--------+
        | %s | second\\n木 |        |
        | %s | first      | golden |
        +-------------------------+------------+--------+
        """
            .formatted(second, first),
        "datasets",
        "versions",
        "list",
        "--id=icons");
    assertSays(
        "No data found\n", "datasets", "versions", "list", "--id=icons", "--isCommitted=false");
    JsonNode list = json("datasets", "versions", "list", "--id=icons", "--json");
    assertEquals(second, list.get(0).path("id").asText());
    assertTrue(list.get(0).path("latest").asBoolean());
    assertEquals("second\n木", list.get(0).path("message").asText());
    assertEquals("golden", list.get(1).path("tags").get(0).asText());
  }

  @Test
  void showsDetails() throws IOException {
    String version = create("first", "--tag=golden");
    JsonNode json = json("datasets", "versions", "details", "--id=icons:latest", "--json");
    Result result = dsfs.run("datasets", "versions", "details", "--id=icons:golden");
    String content = json.path("content").asText();
    assertEquals(
        List.of(
            "+--------------+------------------------------------------------------------------+",
            "| ID           | " + version + " ".repeat(64 - version.length()) + " |",
            "+--------------+------------------------------------------------------------------+",
            "| Message      | first" + " ".repeat(59) + " |",
            "| Committed    | true" + " ".repeat(60) + " |",
            "| Tags         | golden" + " ".repeat(58) + " |",
            "| Files        | 2" + " ".repeat(63) + " |",
            "| Bytes        | 6" + " ".repeat(63) + " |"),
        result.out().lines().limit(8).toList());
    assertTrue(result.out().contains("| Content      | " + content + " |"), result.out());
    assertEquals(version, json.path("id").asText());
    assertTrue(json.path("committed").asBoolean());
  }

  @Test
  void updatesCommitsAndDeletes() {
    String first = create("first");
    String second = create("second");
    assertSays(
        "Updated dataset version: " + second + "\n",
        "datasets",
        "versions",
        "update",
        "--id=icons:latest",
        "--message=better");
    assertSays(
        "Dataset version already committed\n", "datasets", "versions", "commit", "--id=" + first);
    assertSays(
        "Deleted dataset version: " + second + "\n",
        "datasets",
        "versions",
        "delete",
        "--id=" + second);
    Result latest = dsfs.run("datasets", "versions", "details", "--id=icons:latest");
    assertTrue(latest.out().contains(first), latest.out());
  }

  @Test
  void tags() throws IOException {
    String version = create("first");
    String short7 = version.substring(version.indexOf(':') + 1);
    assertSays("No data found\n", "datasets", "tags", "list", "--id=icons");
    assertSays(
        "Set dataset tag: " + dataset + ":golden\n",
        "datasets",
        "tags",
        "set",
        "--id=icons:" + short7,
        "--name=golden");
    assertSays(
        """
        +-------------------------+--------+
        | ID                      | Name   |
        +-------------------------+--------+
        | %s | golden |
        +-------------------------+--------+
        """
            .formatted(version),
        "datasets",
        "tags",
        "list",
        "--id=" + dataset);
    assertEquals(
        version,
        json("datasets", "tags", "list", "--id=icons", "--json").get(0).path("id").asText());
    assertFails(
        1,
        "The version " + version + " has tags: golden (delete or move them first)\n",
        "datasets",
        "versions",
        "delete",
        "--id=" + version);
    assertSays(
        "Deleted dataset tag: " + dataset + ":golden\n",
        "datasets",
        "tags",
        "delete",
        "--id=icons:golden");
    assertFails(
        2,
        "The tag 'latest' is reserved (choose another name)\n",
        "datasets",
        "tags",
        "set",
        "--id=" + version,
        "--name=latest");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "versions details | icons | The '--id' option is missing the version (ex:"
            + " dst364npcw6ccok:fo5rp4m)",
        "versions details | icons: | The '--id' option is missing the version (ex:"
            + " dst364npcw6ccok:fo5rp4m)",
        "versions update | icons | The '--id' option is missing the version (ex:"
            + " dst364npcw6ccok:fo5rp4m)",
        "versions commit | icons | The '--id' option is missing the version (ex:"
            + " dst364npcw6ccok:fo5rp4m)",
        "versions delete | icons | The '--id' option is missing the version (ex:"
            + " dst364npcw6ccok:fo5rp4m)",
        "files list | icons | The '--id' option is missing the version (ex:"
            + " dst364npcw6ccok:fo5rp4m)",
        "tags delete | icons | The '--id' option is missing the tag (ex: dst364npcw6ccok:golden)",
        "versions list | icons:latest | The '--id' option should not have a version/tag (ex:"
            + " dst364npcw6ccok)",
        "versions create | icons:a | The '--id' option should not have a version/tag (ex:"
            + " dst364npcw6ccok)",
        "tags list | icons:a | The '--id' option should not have a version/tag (ex:"
            + " dst364npcw6ccok)",
        "details | icons:a | The '--id' option should not have a version/tag (ex:"
            + " dst364npcw6ccok)",
        "update | icons:a | The '--id' option should not have a version/tag (ex:"
            + " dst364npcw6ccok)",
        "delete | icons:a | The '--id' option should not have a version/tag (ex:"
            + " dst364npcw6ccok)",
        "delete | :a | The '--id' option is missing the dataset ID (ex: dst364npcw6ccok)",
        "files list | a:b:c | 'a:b:c' is not a dataset reference (ex: dst364npcw6ccok:fo5rp4m)",
      })
  void saysWhatIsWrongWithAnId(String command, String id, String message) {
    String[] words = ("datasets " + command + " --id=" + id).split(" ", -1);
    assertFails(2, message + "\n", words);
  }

  @Test
  void saysWhatIsMissing() {
    assertFails(
        1,
        "Source path not found: /nowhere\n",
        "datasets",
        "versions",
        "create",
        "--id=icons",
        "--source-path=" + source,
        "--source-path=/nowhere");
    assertFails(
        1,
        "Not found: the dataset "
            + dataset
            + " has no committed version yet (make one with 'dsfs datasets versions create')\n",
        "datasets",
        "files",
        "list",
        "--id=icons:latest");
    assertFails(
        1,
        "Not found: version or tag 'zzzzzzz' of the dataset "
            + dataset
            + " (see 'dsfs datasets versions list')\n",
        "datasets",
        "versions",
        "details",
        "--id=icons:zzzzzzz");
  }

  @Test
  void committedVersionsTakeNoChanges() {
    String version = create("first");
    String committed =
        version
            + " is committed and takes no changes (make a version that does with 'dsfs datasets"
            + " versions create --id=%s --from=%s')\n"
                .formatted(dataset, version.substring(version.indexOf(':') + 1));
    assertFails(
        1, committed, "datasets", "files", "put", "--id=icons:latest", "--source-path=" + source);
    assertFails(1, committed, "datasets", "files", "delete", "--id=icons:latest", "--path=/a");
  }
}
