package io.datasetfs.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datasetfs.cli.CommandFixture.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetCommandsTest {
  @TempDir Path home;
  private CommandFixture dsfs;

  @BeforeEach
  void open() {
    dsfs = new CommandFixture(home);
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

  @Test
  void theLifeOfADataset() {
    assertSays("No data found\n", "datasets", "list");
    String id = dsfs.id("datasets", "create", "--name", "test", "--description=all of it");
    assertTrue(id.matches("dst[a-z0-9]{12}"), id);
    assertSays(
        """
        +------+-----------------+-------------------------+
        | Name | ID              | Storage Provider        |
        +------+-----------------+-------------------------+
        | test | %s | local (spllocal0000000) |
        +------+-----------------+-------------------------+
        """
            .formatted(id),
        "datasets",
        "list");
    String details =
        """
        +-----------------+-------------------------+
        | Name            | test                    |
        +-----------------+-------------------------+
        | ID              | %s         |
        | Description     | all of it               |
        | StorageProvider | local (spllocal0000000) |
        +-----------------+-------------------------+
        """
            .formatted(id);
    assertSays(details, "datasets", "details", "--id=" + id);
    assertSays(details, "datasets", "details", "--id", "test");
    assertSays("Updated dataset: " + id + "\n", "datasets", "update", "--id=test", "--name=new");
    assertFails(
        1,
        "Not found: dataset 'test' (see 'dsfs datasets list')\n",
        "datasets",
        "details",
        "--id=test");
    assertFails(
        1,
        "The dataset name 'new' is taken by " + id + " (choose another name)\n",
        "datasets",
        "create",
        "--name=new");
    assertSays("Deleted dataset: " + id + "\n", "datasets", "delete", "--id=new");
    assertFails(
        1,
        "Not found: dataset '" + id + "' (see 'dsfs datasets list')\n",
        "datasets",
        "delete",
        "--id=" + id);
  }

  @Test
  void datasetsAsJson() throws IOException {
    assertSays("[]\n", "datasets", "list", "--json");
    String id = json("datasets", "create", "--name=te\"st", "--json").path("id").asText();
    JsonNode list = json("datasets", "list", "--json");
    assertEquals(1, list.size());
    assertEquals("te\"st", list.get(0).path("name").asText());
    assertEquals(id, list.get(0).path("id").asText());
    assertEquals("local", list.get(0).path("storageProvider").path("name").asText());
    assertTrue(list.get(0).path("latest").isNull());
    assertEquals(list.get(0), json("datasets", "details", "--json", "--id=" + id));
    assertEquals(id, json("datasets", "update", "--json", "--id=" + id).path("id").asText());
    assertEquals(id, json("datasets", "delete", "--json", "--id=" + id).path("id").asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--storageProviderId", "--storage-provider-id"})
  void theProviderCanBeChosen(String option) {
    String fast =
        dsfs.id("storageProviders", "create", "local", "--name=fast", "--path=" + home + "/fast");
    dsfs.id("datasets", "create", "--name=a", option + "=" + fast);
    dsfs.id("datasets", "create", "--name=b", option, "fast");
    Result list = dsfs.run("datasets", "list");
    assertEquals(2, list.out().lines().filter(l -> l.contains("fast (" + fast + ")")).count());
    assertFails(
        1,
        "Not found: storage provider 'slow' (see 'dsfs storageProviders list')\n",
        "datasets",
        "create",
        "--name=c",
        option + "=slow");
  }

  @Test
  void listsWhatIsReachable() throws IOException {
    Path away = home.resolve("away");
    dsfs.id("storageProviders", "create", "local", "--name=away", "--path=" + away);
    dsfs.id("datasets", "create", "--name=here");
    Files.writeString(away.resolve("dsfs.json"), "{\"format\":7}");
    Result list = dsfs.run("datasets", "list");
    assertEquals(1, list.status());
    assertTrue(list.out().contains("| here "), list.out());
    assertEquals(
        "Warning: "
            + away
            + "/dsfs.json was written in storage format 7 by a newer release; this one knows formats up to 1"
            + " (update dsfs)\n",
        list.err());
  }

  @Test
  void aDirectoryThatIsGoneIsNotReplaced() throws IOException {
    Path disk = Files.createDirectory(home.resolve("disk"));
    dsfs.id("storageProviders", "create", "local", "--name=disk", "--path=" + disk + "/dsfs");
    dsfs.id("datasets", "create", "--name=there", "--storageProviderId=disk");
    Path elsewhere = home.resolve("elsewhere");
    Files.move(disk, elsewhere);
    String gone = disk + "/dsfs: the storage directory is gone (is it mounted?)\n";
    Result list = dsfs.run("datasets", "list");
    assertEquals(1, list.status());
    assertEquals("Warning: " + gone, list.err());
    assertFails(1, gone, "datasets", "create", "--name=new", "--storageProviderId=disk");
    assertTrue(Files.notExists(disk));
    Files.move(elsewhere, disk);
    assertEquals(0, dsfs.run("datasets", "details", "--id=there").status());
  }

  @Test
  void theLifeOfAProvider() throws IOException {
    Path data = home.resolve("data/local");
    assertSays(
        """
        +-------+-----------------+-------+-----%s+
        | Name  | ID              | Type  | Config%s |
        +-------+-----------------+-------+-----%s+
        | local | spllocal0000000 | local | path: %s |
        +-------+-----------------+-------+-----%s+
        """
            .formatted(
                "-".repeat(data.toString().length() + 3),
                " ".repeat(data.toString().length()),
                "-".repeat(data.toString().length() + 3),
                data,
                "-".repeat(data.toString().length() + 3)),
        "storageProviders",
        "list");
    Path path = home.resolve("p");
    Result created = dsfs.run("storage-providers", "create", "local", "--name=p", "--path=" + path);
    String id = created.out().strip().substring(created.out().lastIndexOf(' ') + 1);
    assertEquals("Created new storage provider with id: " + id + "\n", created.out());
    assertTrue(Files.exists(path.resolve("dsfs.json")));
    assertSays(
        "Updated storage provider\n", "storageProviders", "update", "--id=p", "--name=longer");
    assertSays(
        "Updated storage provider\n",
        "storageProviders",
        "update",
        "local",
        "--id=" + id,
        "--path=" + home + "/q");
    JsonNode details = json("storageProviders", "details", "--id=longer", "--json");
    assertEquals(home + "/q", details.path("config").path("path").asText());
    assertFails(
        2,
        "The '--bucket' option is not for storage providers of type 'local'\n",
        "storageProviders",
        "update",
        "--id=longer",
        "--bucket=b");
    assertSays(
        "Deleted storage provider: " + id + "\n", "storageProviders", "delete", "--id=longer");
    assertSays(
        "Deleted storage provider: spllocal0000000\n", "storageProviders", "delete", "--id=local");
    assertSays("No data found\n", "storageProviders", "list");
    assertSays("[]\n", "storageProviders", "list", "--json");
  }

  @Test
  void secretsAreNotShown() throws IOException {
    Files.writeString(
        home.resolve("config.yaml"),
        """
        implicitLocal: false
        storageProviders:
        - id: splgct3arqdh77c
          name: test1
          type: s3
          config:
            accessKey: AKIA
            bucket: b
            endpoint: http://e
            prefix: p
            region: r
            secretAccessKey: hidden
        """);
    assertSays(
        """
        +-------+-----------------+------+--------------------+
        | Name  | ID              | Type | Config             |
        +-------+-----------------+------+--------------------+
        | test1 | splgct3arqdh77c | s3   | accessKey: AKIA    |
        |       |                 |      | bucket: b          |
        |       |                 |      | endpoint: http://e |
        |       |                 |      | prefix: p          |
        |       |                 |      | region: r          |
        |       |                 |      | ...                |
        +-------+-----------------+------+--------------------+
        """,
        "storageProviders",
        "list");
    assertSays(
        """
        +--------+---------------------------+
        | Name   | test1                     |
        +--------+---------------------------+
        | ID     | splgct3arqdh77c           |
        | Type   | s3                        |
        | Config | accessKey: AKIA           |
        |        | bucket: b                 |
        |        | endpoint: http://e        |
        |        | prefix: p                 |
        |        | region: r                 |
        |        | secretAccessKey: ******** |
        +--------+---------------------------+
        """,
        "storageProviders",
        "details",
        "--id=test1");
    JsonNode json = json("storageProviders", "list", "--json").get(0);
    assertEquals("********", json.path("config").path("secretAccessKey").asText());
  }
}
