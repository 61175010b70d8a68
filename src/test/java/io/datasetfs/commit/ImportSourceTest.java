package io.datasetfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.store.MemoryObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which entries the paths that users give stand for. */
final class ImportSourceTest {
  @TempDir private Path temp;

  @BeforeEach
  void fill() throws IOException {
    Files.createDirectories(temp.resolve("dir/sub"));
    Files.writeString(temp.resolve("dir/a"), "a");
    Files.writeString(temp.resolve("dir/sub/b"), "b");
    Files.createDirectory(temp.resolve("other"));
    Files.writeString(temp.resolve("other/c"), "c");
    Files.createSymbolicLink(temp.resolve("dir-link"), Path.of("dir"));
    Files.createSymbolicLink(temp.resolve("file-link"), Path.of("dir/a"));
    Files.createSymbolicLink(temp.resolve("dangling"), Path.of("nowhere"));
  }

  private List<String> imported(String... paths) throws FsException {
    String[] given = Arrays.stream(paths).map(path -> temp + "/" + path).toArray(String[]::new);
    Imports imports = new Imports(new MemoryObjectStore());
    return new ArrayList<>(imports.listing(imports.of(given)).keySet());
  }

  private FsException refused(FailureKind kind, String... paths) {
    FsException failure = assertThrows(FsException.class, () -> imported(paths));
    assertEquals(kind, failure.kind(), failure.getMessage());
    return failure;
  }

  @Test
  @Tag("promise-6")
  void aSlashMeansTheContents() throws FsException {
    assertEquals(List.of("a", "sub", "sub/b"), imported("dir/"));
    assertEquals(List.of("a", "sub", "sub/b"), imported("dir/."));
    assertEquals(List.of("a", "sub", "sub/b"), imported("dir/sub/.."));
    assertEquals(List.of("dir", "dir/a", "dir/sub", "dir/sub/b"), imported("dir"));
    assertEquals(List.of("a"), imported("dir/a"));
    assertEquals(List.of("a", "c", "sub", "sub/b"), imported("other/", "dir/"));
    assertEquals(List.of("a", "b", "other", "other/c"), imported("other", "dir/a", "dir/sub/b"));
  }

  @Test
  @Tag("promise-6")
  void aGivenLinkIsFollowedAndKeepsItsName() throws FsException {
    assertEquals(List.of("a", "sub", "sub/b"), imported("dir-link/"));
    assertEquals(
        List.of("dir-link", "dir-link/a", "dir-link/sub", "dir-link/sub/b"), imported("dir-link"));
    assertEquals(List.of("file-link"), imported("file-link"));
  }

  @Test
  void aPathThroughALinkMeansWhatTheSystemTakesItFor() throws IOException {
    Files.createSymbolicLink(temp.resolve("other/into"), temp.resolve("dir/sub"));
    assertEquals(List.of("a"), imported("other/into/../a"));
  }

  @Test
  void whatIsNotThereIsNotFound() {
    assertEquals(
        "Source path not found: " + temp + "/nothing",
        refused(FailureKind.NOT_FOUND, "nothing").getMessage());
    refused(FailureKind.NOT_FOUND, "dangling");
    FsException empty =
        assertThrows(
            FsException.class, () -> ImportSource.of(List.of(""), Clock.systemUTC()).paths());
    assertEquals(FailureKind.NOT_FOUND, empty.kind());
    refused(FailureKind.NOT_FOUND, "nul\0byte");
  }

  @Test
  @Tag("promise-6")
  void whatCannotBeIsRefused() {
    FsException file = refused(FailureKind.NOT_DIRECTORY, "dir/a/");
    assertTrue(file.getMessage().contains("dir/a"), file.getMessage());
    FsException twice = refused(FailureKind.EXISTS, "dir/a", "file-link", "dir/");
    assertTrue(twice.getMessage().contains("dir/a"), twice.getMessage());
  }

  @Test
  void theIdentityIsThatOfThePathsNotOfWhatIsInThem() throws IOException {
    Clock clock = Clock.systemUTC();
    String before = ImportSource.of(List.of(temp + "/dir/"), clock).identity();
    Files.writeString(temp.resolve("dir/new"), "new");
    assertEquals(before, ImportSource.of(List.of(temp + "/dir/"), clock).identity());
    assertEquals(before, ImportSource.of(List.of(temp + "/dir-link/"), clock).identity());
    assertNotEquals(before, ImportSource.of(List.of(temp + "/dir"), clock).identity());
    assertNotEquals(before, ImportSource.of(List.of(temp + "/other/"), clock).identity());
  }
}
