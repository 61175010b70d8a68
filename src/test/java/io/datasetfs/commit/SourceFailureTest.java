package io.datasetfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.store.Contents;
import io.datasetfs.store.MemoryObjectStore;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sources that cannot be imported: one failure that names the file, and nothing is in the way. */
final class SourceFailureTest {
  @TempDir private Path temp;
  private final Imports imports = new Imports(new MemoryObjectStore());
  private Path source;
  private Path directory;

  @BeforeEach
  void makeSource() throws IOException {
    source = Files.createDirectory(temp.resolve("source"));
    directory = Files.createDirectories(source.resolve("some/directory"));
    Files.writeString(directory.resolve("before"), "x".repeat(1000));
    Files.write(source.resolve("zz-after"), Contents.random(1, 1_000_000));
  }

  private static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertEquals(0, process.onExit().join().exitValue());
  }

  private void assertFailsNaming(FailureKind kind, String... texts) throws IOException {
    FsException failure = imports.assertFails(kind, source);
    for (String text : texts) {
      assertTrue(failure.getMessage().contains(text), failure.getMessage());
    }
  }

  @Test
  @Tag("promise-8")
  void specialFiles() throws IOException {
    Path fifo = directory.resolve("a-fifo");
    run("mkfifo", fifo.toString());
    assertFailsNaming(FailureKind.SPECIAL_FILE, fifo.toString());
    Files.delete(fifo);
    Path device = directory.resolve("a-device");
    run("mknod", device.toString(), "c", "1", "3");
    assertFailsNaming(FailureKind.SPECIAL_FILE, device.toString());
    Files.delete(device);
    Path socket = source.resolve("s");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      assertFailsNaming(FailureKind.SPECIAL_FILE, socket.toString());
    }
    Files.delete(socket);
    imports.ofAndCompare(source);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\xff",
        "caf\\xe9",
        "\\xc0\\x80",
        "\\xed\\xa0\\x80",
        "\\xf0\\x9f\\x98",
        "\\xf5xxx"
      })
  void namesThatAreNotUtf8(String escaped) throws IOException {
    String percent = escaped.replace("\\x", "%").toUpperCase(java.util.Locale.ROOT);
    String shown = percent.replace("CAF", "caf").replace("%F5XXX", "%F5xxx");
    for (String making : List.of("touch", "mkdir", "ln -s before")) {
      run("bash", "-c", "cd '%s'; %s $'%s'".formatted(directory, making, escaped));
      assertFailsNaming(FailureKind.ILLEGAL_NAME, "'" + shown + "'", directory.toString());
      run("bash", "-c", "cd '%s'; rm -r $'%s'".formatted(directory, escaped));
    }
    run("bash", "-c", "cd '%s'; ln -s $'%s' link".formatted(directory, escaped));
    assertFailsNaming(FailureKind.ILLEGAL_NAME, directory + "/link");
    run("bash", "-c", "cd '%s'; rm link; ln -s /$'%s'/x link".formatted(directory, escaped));
    assertFailsNaming(FailureKind.ILLEGAL_NAME, directory + "/link");
    Files.delete(directory.resolve("link"));
    imports.ofAndCompare(source);
  }

  @Test
  void namesAndPathsOfAnyLegalLength() throws IOException {
    Files.writeString(directory.resolve("x".repeat(255)), "long");
    Files.writeString(directory.resolve("木".repeat(85)), "long too");
    imports.ofAndCompare(source);
    // Deeper than the system takes a path for.
    run(
        "bash",
        "-c",
        "cd '%s'; for i in $(seq 20); do mkdir %s; cd -P %2$s || exit 1; done; echo deep > file"
            .formatted(directory, "d".repeat(250)));
    assertFailsNaming(FailureKind.NAME_TOO_LONG, directory + "/ddd");
    run("rm", "-r", directory.resolve("d".repeat(250)).toString());
    imports.ofAndCompare(source);
  }

  /** Root reads everything, so a process without its privileges imports. */
  @Test
  @Tag("promise-8")
  void whatMayNotBeRead() throws Exception {
    Path home = temp.resolve("home");
    Dataset dataset;
    try (Workplace workplace = new Workplace(home)) {
      dataset = workplace.create("hidden files");
    }
    Path small = Files.writeString(directory.resolve("small"), "x".repeat(500));
    Path empty = Files.createFile(directory.resolve("empty"));
    Path large = Files.write(directory.resolve("large"), Contents.random(2, 1_000_000));
    Path closed = Files.createDirectory(directory.resolve("closed"));
    Files.writeString(closed.resolve("inside"), "inside");
    for (Path hidden : List.of(small, empty, large, closed)) {
      Files.setAttribute(hidden, "unix:mode", 0);
      assertEquals(
          "failed ACCESS_DENIED " + hidden + ": permission denied",
          importUnprivileged(home, dataset));
      Files.setAttribute(hidden, "unix:mode", 0700);
    }
    // A directory that may be listed but not entered.
    Files.setAttribute(closed, "unix:mode", 0600);
    assertEquals(
        "failed ACCESS_DENIED " + closed.resolve("inside") + ": permission denied",
        importUnprivileged(home, dataset));
    Files.setAttribute(closed, "unix:mode", 0700);
    try (Workplace workplace = new Workplace(home)) {
      assertEquals(List.of(), workplace.require(dataset.id()).head().versions());
    }
    String line = importUnprivileged(home, dataset);
    assertTrue(line.startsWith("committed "), line);
  }

  private String importUnprivileged(Path home, Dataset dataset) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search"));
    command.addAll(ImportChild.command(List.of("-Xmx128m"), "once", home, dataset.id(), source));
    return ImportChild.lastLine(ImportChild.start(command));
  }

  @Test
  void theVersionItselfIsNotMadeOfHalfASource() throws IOException {
    Path fifo = directory.resolve("a-fifo");
    run("mkfifo", fifo.toString());
    Path home = temp.resolve("home");
    try (Workplace workplace = new Workplace(home)) {
      Dataset dataset = workplace.create("half");
      org.junit.jupiter.api.Assertions.assertThrows(
          FsException.class, () -> workplace.run(dataset, source));
      assertEquals(List.of(), workplace.require(dataset.id()).head().versions());
      Files.delete(fifo);
      workplace.run(dataset, source);
      assertFalse(workplace.require(dataset.id()).head().versions().isEmpty());
    }
  }
}
