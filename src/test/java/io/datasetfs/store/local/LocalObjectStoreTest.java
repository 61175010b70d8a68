package io.datasetfs.store.local;

import static io.datasetfs.store.Contents.bytes;
import static io.datasetfs.store.Contents.pieces;
import static io.datasetfs.store.Contents.random;
import static io.datasetfs.store.Contents.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.store.Racers;
import io.datasetfs.store.StoreSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What a directory adds to what every store promises. */
final class LocalObjectStoreTest {
  private static final String KEY = "datasets/dst364npcw6ccok/dataset.json";

  @TempDir private Path directory;

  @Test
  void theRootIsMade() throws Exception {
    Path root = directory.resolve("a/b/root");
    try (LocalObjectStore store = LocalObjectStore.open(root)) {
      assertEquals(List.of(), filesBelow(root));
      store.putIfAbsent(KEY, pieces("x"));
      assertEquals(root.toString(), store.location());
    }
    assertEquals("x", Files.readString(root.resolve(KEY)));
  }

  @Test
  void aRootThatIsAFileIsRefused() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "x");
    assertFails(FailureKind.NOT_DIRECTORY, () -> LocalObjectStore.open(file));
    assertFails(FailureKind.NOT_DIRECTORY, () -> LocalObjectStore.open(file.resolve("root")));
  }

  @Test
  void aRootThatIsGoneIsNotAnEmptyStore() throws Exception {
    Path root = directory.resolve("root");
    try (LocalObjectStore store = LocalObjectStore.open(root)) {
      store.putIfAbsent("a", pieces("x"));
      Files.move(root, directory.resolve("elsewhere"));
      assertFails(FailureKind.UNAVAILABLE, () -> store.find("a"));
      assertFails(FailureKind.UNAVAILABLE, () -> store.stat("a"));
      assertFails(FailureKind.UNAVAILABLE, () -> store.getRange("a", 0, 1));
      assertFails(FailureKind.UNAVAILABLE, () -> store.list("", object -> {}));
      assertFails(FailureKind.UNAVAILABLE, () -> store.listSegments(""));
      assertFails(FailureKind.UNAVAILABLE, () -> store.delete("a"));
      assertFails(FailureKind.UNAVAILABLE, () -> store.replaceIfMatch("a", "t", pieces("y")));
      assertFails(FailureKind.UNAVAILABLE, () -> store.putIfAbsent("b", pieces("y")));
      assertFalse(Files.exists(root));
    }
  }

  @Test
  void aRootThatIsMissingIsNotMadeUnasked() throws Exception {
    Path root = directory.resolve("root");
    try (LocalObjectStore store = LocalObjectStore.openExisting(root)) {
      assertFails(FailureKind.UNAVAILABLE, () -> store.find("a"));
      assertFails(FailureKind.UNAVAILABLE, () -> store.listSegments(""));
      assertFails(FailureKind.UNAVAILABLE, () -> store.putIfAbsent("a", pieces("y")));
      assertFalse(Files.exists(root));
      Files.createDirectory(root);
      assertTrue(store.putIfAbsent("a", pieces("x")).isPresent(), "it is back");
    }
  }

  @Test
  void writesLeaveOnlyTheirObjects() throws Exception {
    try (LocalObjectStore store = LocalObjectStore.open(directory)) {
      String tag = store.putIfAbsent("a/b", pieces("x")).orElseThrow();
      store.putIfAbsent("a/b", pieces("y"));
      store.replaceIfMatch("a/b", tag, pieces("z"));
      store.replaceIfMatch("a/b", tag, pieces("stale"));
      assertEquals(1, filesBelow(directory.resolve("tmp")).size(), "the session alone");
    }
    assertEquals(List.of(), filesBelow(directory.resolve("tmp")));
    assertEquals(1, Files.getAttribute(directory.resolve("a/b"), "unix:nlink"));
  }

  @Test
  void emptyDirectoriesAreRemoved() throws Exception {
    try (LocalObjectStore store = LocalObjectStore.open(directory)) {
      store.putIfAbsent("a/b/c/1", pieces("x"));
      store.putIfAbsent("a/2", pieces("x"));
      store.delete("a/b/c/1");
      assertFalse(Files.exists(directory.resolve("a/b")));
      assertTrue(Files.exists(directory.resolve("a/2")));
      store.delete("a/2");
      assertFalse(Files.exists(directory.resolve("a")));
    }
  }

  @Test
  void strangersInTheDirectoryAreNoObjects() throws Exception {
    try (LocalObjectStore store = LocalObjectStore.open(directory)) {
      store.putIfAbsent("a/b", pieces("x"));
      Files.createDirectories(directory.resolve("lost+found/sub"));
      Files.writeString(directory.resolve("lost+found/sub/x"), "x");
      Files.createDirectories(directory.resolve(".hidden"));
      Files.writeString(directory.resolve(".hidden/x"), "x");
      Files.writeString(directory.resolve("a/note~"), "x");
      Files.writeString(directory.resolve("a/\u00e4"), "x");
      Files.createDirectories(directory.resolve("empty/sub"));
      Files.createSymbolicLink(directory.resolve("a/loop"), directory);
      Files.createSymbolicLink(directory.resolve("a/nowhere"), Path.of("nowhere"));
      Set<String> keys = new TreeSet<>();
      store.list("", object -> keys.add(object.key()));
      assertEquals(Set.of("a/b"), keys);
      assertEquals(List.of("a"), store.listSegments(""));
      assertTrue(store.find("empty/sub").isEmpty());
      assertFalse(store.delete("empty/sub"));
      assertTrue(Files.isDirectory(directory.resolve("empty/sub")));
    }
  }

  @Test
  void aLinkedDirectoryHoldsObjects() throws Exception {
    Path root = Files.createDirectory(directory.resolve("root"));
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Files.createSymbolicLink(root.resolve("a"), elsewhere);
    try (LocalObjectStore store = LocalObjectStore.open(root)) {
      store.putIfAbsent("a/b/c", pieces("x"));
      assertEquals("x", Files.readString(elsewhere.resolve("b/c")));
      assertEquals(List.of("a"), store.listSegments(""));
      Set<String> keys = new TreeSet<>();
      store.list("", object -> keys.add(object.key()));
      assertEquals(Set.of("a/b/c"), keys);
      assertTrue(store.delete("a/b/c"));
      assertTrue(Files.isSymbolicLink(root.resolve("a")));
    }
  }

  @Test
  void aDirectoryIsNotMistakenForATakenKey() throws Exception {
    try (LocalObjectStore store = LocalObjectStore.open(directory)) {
      store.putIfAbsent("a/b", pieces("x"));
      assertFails(FailureKind.IS_DIRECTORY, () -> store.putIfAbsent("a", pieces("x")));
      assertFails(FailureKind.NOT_DIRECTORY, () -> store.putIfAbsent("a/b/c", pieces("x")));
    }
  }

  @Test
  void modesFollowTheUmask() throws Exception {
    try (LocalObjectStore store = LocalObjectStore.open(directory.resolve("root"))) {
      store.putIfAbsent(KEY, pieces("x"));
    }
    Path plainFile = Files.createFile(directory.resolve("plain"));
    Path plainDirectory = Files.createDirectory(directory.resolve("plain-directory"));
    Set<PosixFilePermission> ofFiles = Files.getPosixFilePermissions(plainFile);
    Set<PosixFilePermission> ofDirectories = Files.getPosixFilePermissions(plainDirectory);
    Path root = directory.resolve("root");
    assertEquals(ofFiles, Files.getPosixFilePermissions(root.resolve(KEY)));
    for (String made : List.of("", "datasets", "tmp")) {
      assertEquals(ofDirectories, Files.getPosixFilePermissions(root.resolve(made)));
    }
  }

  @Test
  void anInterruptEndsACallAndHarmsNobodyElse() throws Exception {
    byte[] content = random(1, 3_000_000);
    try (LocalObjectStore store = LocalObjectStore.open(directory)) {
      String tag = store.putIfAbsent("pack", pieces(content)).orElseThrow();
      Thread.currentThread().interrupt();
      assertFails(FailureKind.INTERRUPTED, () -> store.getRange("pack", 0, 100));
      assertTrue(Thread.currentThread().isInterrupted());
      assertFails(FailureKind.INTERRUPTED, () -> store.putIfAbsent("other", pieces("x")));
      assertFails(FailureKind.INTERRUPTED, () -> store.replaceIfMatch("pack", tag, pieces("x")));
      assertFails(FailureKind.INTERRUPTED, () -> store.delete("pack"));
      assertTrue(Thread.interrupted());
      assertArrayEquals(content, bytes(store.getRange("pack", 0, content.length)));
      assertTrue(store.find("other").isEmpty());
      assertEquals(1, filesBelow(directory.resolve("tmp")).size(), "the session alone");
      assertTrue(store.putIfAbsent("other", pieces("x")).isPresent());
    }
  }

  /** As the contract's test, but with objects whose comparison takes long enough to be hit. */
  @Test
  void aReplacementDoesNotUndoADeletionOfALargeHead() throws Exception {
    byte[] head = random(1, EntityTags.HASHED_LIMIT);
    Random random = new Random(2);
    try (LocalObjectStore store = LocalObjectStore.open(directory)) {
      for (int round = 0; round < 25; round++) {
        String tag = store.putIfAbsent(KEY, pieces(head)).orElseThrow();
        int delay = random.nextInt(50);
        Racers.race(
            2,
            number -> {
              if (number == 0) {
                Thread.sleep(delay);
                return store.delete(KEY);
              }
              return store.replaceIfMatch(KEY, tag, pieces("replaced")).isPresent();
            });
        assertTrue(store.find(KEY).isEmpty());
      }
    }
  }

  @Test
  void aLinkWhoseAnswerWasLostIsRecognized() throws Exception {
    Publication.HardLink twice =
        (link, existing) -> {
          Files.createLink(link, existing);
          Files.createLink(link, existing);
        };
    try (LocalObjectStore store = LocalObjectStore.open(directory, twice)) {
      assertTrue(store.putIfAbsent("a", pieces("x")).isPresent());
      assertTrue(store.putIfAbsent("a", pieces("x")).isEmpty());
    }
  }

  @Test
  void aClosedStoreTakesNoWrites() throws Exception {
    LocalObjectStore store = LocalObjectStore.open(directory);
    store.close();
    store.close();
    assertThrows(IllegalStateException.class, () -> store.putIfAbsent("a", pieces("x")));
  }

  @Test
  void aFullDiskIsSaidAndLeavesNothing() throws Exception {
    try (Tmpfs disk = Tmpfs.mount(directory, "size=4m");
        LocalObjectStore store = LocalObjectStore.open(disk.path())) {
      String tag = store.putIfAbsent(KEY, pieces("head")).orElseThrow();
      store.putIfAbsent("packs/1", pieces(random(1, 2_000_000)));
      long available = store.space().orElseThrow().available();
      for (int i = 0; i < 3; i++) {
        FsException failure =
            assertFails(
                FailureKind.NO_SPACE,
                () -> store.putIfAbsent("packs/2", pieces(random(2, 3_000_000))));
        assertTrue(failure.getMessage().contains("packs/2"), failure.getMessage());
        assertFails(
            FailureKind.NO_SPACE,
            () -> store.replaceIfMatch(KEY, tag, pieces(random(3, 3_000_000))));
      }
      assertEquals(available, store.space().orElseThrow().available());
      assertEquals(1, filesBelow(directory.resolve("tmp")).size(), "the session alone");
      assertTrue(store.find("packs/2").isEmpty());
      assertEquals("head", text(store.find(KEY).orElseThrow()));

      store.delete("packs/1");
      assertTrue(store.putIfAbsent("packs/2", pieces(random(2, 3_000_000))).isPresent());
      assertTrue(store.replaceIfMatch(KEY, tag, pieces("next")).isPresent());
    }
  }

  @Test
  void aReadOnlyDiskCanBeRead() throws Exception {
    try (Tmpfs disk = Tmpfs.mount(directory, "size=4m")) {
      String tag;
      try (LocalObjectStore writer = LocalObjectStore.open(directory)) {
        tag = writer.putIfAbsent(KEY, pieces("head")).orElseThrow();
        Files.createFile(
            directory.resolve("tmp/00000000-0000-0000-0000-000000000000.0")); // of a dead one
      }
      disk.remount("ro");
      try (LocalObjectStore store = LocalObjectStore.open(directory)) {
        assertEquals("head", text(store.find(KEY).orElseThrow()));
        assertEquals(4, store.getRange(KEY, 0, 4).remaining());
        assertEquals(tag, store.stat(KEY).orElseThrow().entityTag());
        assertEquals(List.of("datasets"), store.listSegments(""));
        assertFails(FailureKind.READ_ONLY, () -> store.putIfAbsent("a", pieces("x")));
        assertFails(FailureKind.READ_ONLY, () -> store.replaceIfMatch(KEY, tag, pieces("x")));
        assertFails(FailureKind.READ_ONLY, () -> store.delete(KEY));
        assertTrue(store.putIfAbsent(KEY, pieces("x")).isEmpty());
      }
      disk.remount("rw");
    }
  }

  @Test
  void theRoomIsThatOfTheDisk() throws Exception {
    try (Tmpfs disk = Tmpfs.mount(directory, "size=4m");
        LocalObjectStore store = LocalObjectStore.open(disk.path())) {
      assertEquals(new StoreSpace(4 << 20, 4 << 20), store.space().orElseThrow());
      store.putIfAbsent("a", pieces(random(1, 1 << 20)));
      assertEquals(new StoreSpace(4 << 20, 3 << 20), store.space().orElseThrow());
    }
  }

  private static FsException assertFails(FailureKind kind, Executable attempt) {
    FsException failure = assertThrows(FsException.class, attempt);
    assertEquals(kind, failure.kind(), failure.getMessage());
    assertFalse(failure.getMessage().contains("\n"), failure.getMessage());
    return failure;
  }

  private static List<Path> filesBelow(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
