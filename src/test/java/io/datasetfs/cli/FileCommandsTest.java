package io.datasetfs.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datasetfs.catalog.Dataset;
import io.datasetfs.cli.CommandFixture.Result;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.VersionRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCommandsTest {
  private static final Instant TIME = Instant.parse("2021-02-03T04:05:06.123456789Z");

  @TempDir Path home;
  private CommandFixture dsfs;
  private Path target;

  @BeforeEach
  void open() throws IOException {
    dsfs = new CommandFixture(home);
    target = home.resolve("target");
    dsfs.id("datasets", "create", "--name=icons");
    Path source = Files.createDirectory(home.resolve("source"));
    Files.writeString(source.resolve("a.txt"), "hello");
    Path sub = Files.createDirectory(source.resolve("sub"));
    Files.write(sub.resolve("holes"), new byte[] {0, 0, 0, 'x', 0, 0});
    Files.createSymbolicLink(sub.resolve("link"), Path.of("../a.txt"));
    Files.createDirectory(sub.resolve("empty"));
    Files.createDirectory(source.resolve("木"));
    Files.setAttribute(source.resolve("a.txt"), "unix:mode", 06751);
    Files.setLastModifiedTime(source.resolve("a.txt"), FileTime.from(TIME));
    Files.setPosixFilePermissions(
        sub.resolve("empty"), PosixFilePermissions.fromString("r-xr-xr-x"));
    Files.setLastModifiedTime(sub, FileTime.from(TIME));
    dsfs.id("datasets", "versions", "create", "--id=icons", "--source-path=" + source + "/");
  }

  private void assertSays(String out, String... arguments) {
    assertEquals(new Result(0, out, ""), dsfs.run(arguments));
  }

  private Result get(String... sources) {
    String[] arguments = new String[5 + sources.length];
    List<String> words =
        List.of("datasets", "files", "get", "--id=icons:latest", "--target-path=" + target);
    words.toArray(arguments);
    for (int i = 0; i < sources.length; i++) {
      arguments[5 + i] = "--source-path=" + sources[i];
    }
    return dsfs.run(arguments);
  }

  /** Relative paths of all that is there; a link with its target, a file with its content. */
  private SortedMap<String, String> found() throws IOException {
    SortedMap<String, String> found = new TreeMap<>();
    try (var paths = Files.walk(target)) {
      for (Path path : paths.filter(p -> !p.equals(target)).toList()) {
        String name = target.relativize(path).toString();
        if (Files.isSymbolicLink(path)) {
          found.put(name, "-> " + Files.readSymbolicLink(path));
        } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          found.put(name + "/", "");
        } else {
          found.put(name, Files.readString(path).replace('\0', '0'));
        }
      }
    }
    return found;
  }

  @Test
  void lists() throws IOException {
    assertSays(
        """
        +-------+------+
        | Name  | Size |
        +-------+------+
        | a.txt | 5    |
        | sub/  |      |
        | 木/   |      |
        +-------+------+
        """,
        "datasets",
        "files",
        "list",
        "--id=icons:latest");
    String below =
        """
        +------------+------+
        | Name       | Size |
        +------------+------+
        | sub/empty/ |      |
        | sub/holes  | 6    |
        | sub/link   | 8    |
        +------------+------+
        """;
    assertSays(
        below.replace("sub/", "").replace("-----+-", "-+-").replace("Name      ", "Name  "),
        "datasets",
        "files",
        "list",
        "--id=icons:latest",
        "--path=sub");
    Result recursive = dsfs.run("datasets", "files", "list", "--id=icons:latest", "--recursive");
    assertEquals(
        List.of("a.txt", "sub/empty/", "sub/holes", "sub/link", "木/"),
        recursive
            .out()
            .lines()
            .skip(3)
            .filter(l -> l.startsWith("|"))
            .map(l -> l.split("\\|", -1)[1].strip())
            .toList());
    assertSays(
        "No data found\n",
        "datasets",
        "files",
        "list",
        "--id=icons:latest",
        "--path=/sub/empty/",
        "--recursive=false");
    Result json =
        dsfs.run("datasets", "files", "list", "--id=icons:latest", "--path=/sub", "--json");
    JsonNode list = new ObjectMapper().readTree(json.out());
    assertEquals("directory", list.get(0).path("type").asText());
    assertEquals("empty", list.get(0).path("name").asText());
    assertTrue(list.get(0).path("size").isNull());
    assertEquals(6, list.get(1).path("size").asLong());
    assertEquals("../a.txt", list.get(2).path("target").asText());
  }

  @Test
  void saysWhatIsNotThere() {
    Result missing = dsfs.run("datasets", "files", "list", "--id=icons:latest", "--path=/sub/no");
    assertEquals(1, missing.status());
    assertTrue(missing.err().startsWith("Not found: '/sub/no' in dst"), missing.err());
    Result file = get("/a.txt/b");
    assertEquals(1, file.status());
    assertTrue(file.err().startsWith("Not a directory: '/a.txt/b' in dst"), file.err());
    assertFalse(Files.exists(target), "nothing is written before all sources are found");
  }

  @Test
  void getsAll() throws IOException {
    assertEquals(new Result(0, "", ""), get());
    assertEquals(
        "{a.txt=hello, sub/=, sub/empty/=, sub/holes=000x00, sub/link=-> ../a.txt, 木/=}",
        found().toString());
    assertEquals(
        0751,
        07777 & (int) Files.getAttribute(target.resolve("a.txt"), "unix:mode"),
        "permissions are restored, set-user-id is not");
    assertEquals(TIME, Files.getLastModifiedTime(target.resolve("a.txt")).toInstant());
    assertEquals(TIME, Files.getLastModifiedTime(target.resolve("sub")).toInstant());
    assertEquals(
        "r-xr-xr-x",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(target.resolve("sub/empty"))));
    Files.writeString(target.resolve("a.txt"), "changed");
    Files.writeString(target.resolve("mine"), "stays");
    assertEquals(0, get().status());
    assertEquals("hello", Files.readString(target.resolve("a.txt")));
    assertEquals("stays", Files.readString(target.resolve("mine")));
  }

  @Test
  void aSlashAtTheEndMeansTheContents() throws IOException {
    get("/sub/");
    assertEquals("{empty/=, holes=000x00, link=-> ../a.txt}", found().toString());
  }

  @Test
  void withoutItTheDirectoryKeepsItsName() throws IOException {
    get("sub/../sub", "a.txt");
    assertEquals(
        "{a.txt=hello, sub/=, sub/empty/=, sub/holes=000x00, sub/link=-> ../a.txt}",
        found().toString());
  }

  @Test
  void aSingleFileGoesWhereItIsSent() throws IOException {
    get("/a.txt");
    assertEquals("hello", Files.readString(target));
    Files.delete(target);
    Files.createDirectory(target);
    get("/sub/holes");
    assertEquals("{holes=000x00}", found().toString());
  }

  @Test
  void directoriesAreNotReplacedByFiles() throws IOException {
    Files.createDirectories(target.resolve("a.txt"));
    Result result = get("/a.txt");
    assertEquals(1, result.status());
    assertEquals(target.resolve("a.txt") + ": is a directory\n", result.err());
    assertEquals("{a.txt/=}", found().toString(), "no temporary file is left");
  }

  private void publish(TreeEntry... entries) throws FsException {
    try (Services services = dsfs.services()) {
      Dataset dataset = services.catalog().require("icons");
      TreeEntry.Directory root = dsfs.trees().directory("", 0755, TIME, List.of(entries));
      VersionRecord draft =
          new VersionRecord(
              services.catalog().newVersionId(dataset), 0, "", TIME, TIME, Optional.empty(), root);
      services.catalog().publish(dataset, draft, Optional.empty());
    }
  }

  @Test
  void aHostileVersionStaysInside() throws IOException {
    Path outside = Files.createDirectory(home.resolve("outside"));
    TreesInMemory trees = dsfs.trees();
    TreeEntry link = new TreeEntry.Symlink("d", 0777, TIME, outside.toString());
    TreeEntry directory =
        trees.directory("d", 0755, TIME, List.of(trees.file("evil", "evil", TIME)));
    publish(link, directory);
    assertEquals(0, get().status());
    assertEquals("{d/=, d/evil=evil}", found().toString());
    publish(directory, link);
    assertEquals(1, get().status(), "a directory is never replaced by a link");
    Path file = Files.writeString(outside.resolve("file"), "mine");
    publish(new TreeEntry.Symlink("f", 0777, TIME, file.toString()), trees.file("f", "evil", TIME));
    assertEquals(0, get().status());
    assertEquals("mine", Files.readString(file));
    for (String name : List.of("..", ".", "", "../outside/x", "/x")) {
      publish(trees.file(name, "evil", TIME));
      Result result = get();
      assertEquals(1, result.status(), name);
      assertTrue(result.err().contains("can't be written"), result.err());
    }
    try (var left = Files.list(outside)) {
      assertEquals(List.of(file), left.toList());
    }
  }

  @Test
  void whatCannotBeReadLeavesNothingBehind() throws IOException {
    publish(dsfs.trees().file("broken", "content", TIME));
    Result result = get();
    assertEquals(1, result.status());
    assertEquals("pack 17 is damaged\n", result.err());
    assertEquals("{}", found().toString());
  }

  @Test
  void anInterruptedDownloadLeavesNothingHalfDone() throws IOException {
    Thread.currentThread().interrupt();
    Result result = get();
    assertTrue(Thread.interrupted());
    assertEquals(1, result.status());
    assertFalse(Files.exists(target.resolve("a.txt")));
  }
}
