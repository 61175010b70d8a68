package io.datasetfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.read.VersionVerifier;
import io.datasetfs.store.MemoryObjectStore;
import io.datasetfs.store.ObjectStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever tree is imported, the version equals it. */
final class ImportModelTest {
  @TempDir private Path temp;
  private final MemoryObjectStore store = new MemoryObjectStore();

  static void assertVerifies(ObjectStore store, TreeEntry.Directory root) throws FsException {
    var report = new VersionVerifier(store, Imports.DATASET, true).verify(root);
    assertTrue(report.isClean(), report::toString);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void randomTreesComeBack(long seed) throws IOException {
    Path source = Files.createDirectory(temp.resolve("source"));
    RandomTree.fill(source, seed, 250);
    ImportResult result =
        new Imports(store, java.util.Optional.of(temp.resolve("cache"))).ofAndCompare(source);
    assertVerifies(store, result.root());
    // Again, changed a bit, with what is remembered of the first time.
    Path more = Files.createDirectory(source.resolve("more \u0001"));
    RandomTree.fill(more, seed + 1000, 30);
    Imports again = new Imports(store, java.util.Optional.of(temp.resolve("cache")));
    assertVerifies(store, again.ofAndCompare(source).root());
    assertEquals(0, again.ofAndCompare(source).storedBytes());
  }

  /** For what the JDK cannot do. */
  private static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertEquals(0, process.onExit().join().exitValue());
  }

  @Test
  void anEmptyDirectoryComesBack() throws IOException {
    Path source = Files.createDirectory(temp.resolve("source"));
    Files.setAttribute(source, "unix:mode", 02711);
    run("touch", "-d", "1969-12-31T23:59:55.000000003Z", source.toString());
    ImportResult result = new Imports(store).ofAndCompare(source);
    assertEquals(0, result.storedBytes());
    assertEquals(02711, result.root().mode());
    assertEquals(Instant.ofEpochSecond(-5, 3), result.root().mtime());
  }

  @Test
  void largeFilesComeBack() throws IOException {
    Path source = Files.createDirectory(temp.resolve("source"));
    byte[] noise = new byte[100 << 20];
    new Random(1).nextBytes(noise);
    Files.write(source.resolve("incompressible"), noise);
    try (RandomAccessFile sparse = new RandomAccessFile(source.resolve("sparse").toFile(), "rw")) {
      sparse.setLength(150 << 20);
      for (int i = 0; i < 20; i++) {
        sparse.seek((long) i * (7 << 20));
        sparse.write(noise, i * 1000, 5000);
      }
    }
    // At, below and above the lengths where something else begins.
    for (int length :
        new int[] {127, 128, 129, Chunker.MIN - 1, Chunker.MIN, Chunker.MIN + 1, Chunker.MAX}) {
      for (int more = 0; more < 2; more++) {
        byte[] bytes = new byte[length + more];
        System.arraycopy(noise, length, bytes, 0, bytes.length);
        Files.write(source.resolve("f" + length + "-" + more), bytes);
        Files.write(source.resolve("z" + length + "-" + more), new byte[length + more]);
      }
    }
    ImportResult result = new Imports(store).ofAndCompare(source);
    assertVerifies(store, result.root());
  }

  @Test
  @Tag("promise-7")
  void wideAndDeepTreesComeBack() throws IOException {
    Path source = Files.createDirectory(temp.resolve("source"));
    Path wide = Files.createDirectory(source.resolve("wide"));
    for (int i = 0; i < 20_000; i++) {
      Files.write(wide.resolve("entry-" + i), new byte[] {(byte) i, (byte) (i >> 8)});
    }
    Path deep = source;
    for (int i = 0; i < 300; i++) {
      deep = Files.createDirectory(deep.resolve("d" + i % 10));
    }
    Files.writeString(deep.resolve("bottom"), "x".repeat(1000));
    ImportResult result = new Imports(store).ofAndCompare(source);
    assertEquals(20_001, result.root().summary().files());
    assertVerifies(store, result.root());
  }

  @Test
  void linksAreTakenAsLinks() throws IOException {
    Path source = Files.createDirectory(temp.resolve("source"));
    Path directory = Files.createDirectory(source.resolve("directory"));
    Files.writeString(directory.resolve("file"), "content");
    Files.createSymbolicLink(source.resolve("dangling"), Path.of("no/such/thing"));
    Files.createSymbolicLink(source.resolve("loop"), Path.of("loop"));
    Files.createSymbolicLink(source.resolve("to-directory"), Path.of("directory"));
    Files.createSymbolicLink(directory.resolve("up"), Path.of(".."));
    run("ln", "-s", "a//\ufffd/", source.resolve("slashes").toString());
    Path odd = Files.createDirectory(source.resolve("odd\ufffd"));
    Files.createSymbolicLink(source.resolve("to-odd"), odd);
    Files.createLink(source.resolve("hard"), directory.resolve("file"));
    ImportResult result = new Imports(store).ofAndCompare(source);
    assertEquals(8, result.root().summary().files());
    assertTrue(
        new Imports(store).listing(result).get("slashes").endsWith("a//\ufffd/"),
        "targets are kept to the letter");
  }

  @Test
  void theSummaryCountsWhatIsThere() throws IOException {
    Path source = Files.createDirectory(temp.resolve("source"));
    RandomTree.fill(source, 77, 300);
    TreeEntry.Directory root = new Imports(store).of(source).root();
    long files = 0;
    long bytes = 0;
    try (Stream<Path> all = Files.walk(source)) {
      for (Path path : all.toList()) {
        boolean link = Files.isSymbolicLink(path);
        files += link || Files.isRegularFile(path) ? 1 : 0;
        bytes += !link && Files.isRegularFile(path) ? Files.size(path) : 0;
      }
    }
    try (Stream<Path> top = Files.list(source)) {
      assertEquals(top.count(), root.summary().entries());
    }
    assertEquals(files, root.summary().files());
    assertEquals(bytes, root.summary().bytes());
  }
}
