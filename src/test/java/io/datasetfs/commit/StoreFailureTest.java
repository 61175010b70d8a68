package io.datasetfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.model.Digest;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.store.Contents;
import io.datasetfs.store.FaultyObjectStore;
import io.datasetfs.store.FaultyObjectStore.Call;
import io.datasetfs.store.FaultyObjectStore.Moment;
import io.datasetfs.store.MemoryObjectStore;
import io.datasetfs.store.ObjectStore;
import io.datasetfs.store.local.LocalObjectStore;
import io.datasetfs.store.local.Tmpfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stores that fail: no version then looks committed, and the next import works. */
@Timeout(300)
final class StoreFailureTest {
  private static final int MANY_CALLS = 100;

  @TempDir private Path temp;
  private Path source;

  @BeforeEach
  void makeSource() throws IOException {
    source = Files.createDirectory(temp.resolve("source"));
    RandomTree.fill(source, 8, 60);
    Files.write(source.resolve("large"), Contents.random(1, 40 << 20));
  }

  /** Fails each call of an import in turn, until there are no more. */
  private void failEach(Call call, Moment moment, FailureKind kind, Set<FailureKind> outcomes)
      throws IOException {
    boolean failed = true;
    int calls = 0;
    for (int nth = 1; failed; nth++) {
      assertTrue(nth < MANY_CALLS);
      FaultyObjectStore[] faulty = new FaultyObjectStore[1];
      Path home = temp.resolve("%s-%s-%s-%d".formatted(call, moment, kind, nth));
      try (Workplace workplace =
          new Workplace(home, store -> faulty[0] = new FaultyObjectStore(store))) {
        Dataset dataset = workplace.create("faulty");
        long before = faulty[0].calls(call);
        faulty[0].failNth(call, nth, moment, kind);
        boolean committed = true;
        try {
          ResolvedVersion version = workplace.run(dataset, source);
          assertEquals(
              TreeListing.ofSource(source), workplace.listing(dataset, version.version().tree()));
        } catch (FsException e) {
          assertTrue(outcomes.contains(e.kind()), () -> e.kind() + " " + e);
          committed = e.kind() == FailureKind.STATE_UNKNOWN;
        }
        Imports.assertNoThreadsLeft();
        failed = faulty[0].calls(call) - before >= nth;
        calls++;
        faulty[0].heal();
        if (!committed) {
          assertEquals(List.of(), workplace.require(dataset.id()).head().versions());
        }
        ResolvedVersion next = workplace.run(dataset, source);
        assertEquals(
            TreeListing.ofSource(source), workplace.listing(dataset, next.version().tree()));
      }
      deleteTree(home);
    }
    assertTrue(calls >= 2, () -> call + " was never called");
  }

  private static void deleteTree(Path top) throws IOException {
    try (var walk = Files.walk(top)) {
      for (Path path : walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PUT_IF_ABSENT", "REPLACE_IF_MATCH"})
  void aWriteThatFails(Call call) throws IOException {
    failEach(call, Moment.BEFORE, FailureKind.NO_SPACE, EnumSet.of(FailureKind.NO_SPACE));
  }

  @ParameterizedTest
  @EnumSource(names = {"PUT_IF_ABSENT", "REPLACE_IF_MATCH"})
  void aWriteWhoseAnswerIsLost(Call call) throws IOException {
    // It is found out, so that it is no failure at all.
    failEach(call, Moment.AFTER, FailureKind.STATE_UNKNOWN, EnumSet.noneOf(FailureKind.class));
    failEach(call, Moment.BEFORE, FailureKind.STATE_UNKNOWN, EnumSet.noneOf(FailureKind.class));
  }

  @ParameterizedTest
  @EnumSource(names = {"LIST", "GET_RANGE", "FIND"})
  void aReadThatFails(Call call) throws IOException {
    if (call == Call.GET_RANGE) {
      try (Workplace workplace = new Workplace(temp.resolve("warm"))) {
        Dataset dataset = workplace.create("warm");
        workplace.run(dataset, source);
        assertThrowsAndHeals(dataset);
      }
      return;
    }
    failEach(call, Moment.BEFORE, FailureKind.UNAVAILABLE, EnumSet.of(FailureKind.UNAVAILABLE));
  }

  private void assertThrowsAndHeals(Dataset dataset) throws IOException {
    FaultyObjectStore[] faulty = new FaultyObjectStore[1];
    try (Workplace workplace =
        new Workplace(temp.resolve("warm"), store -> faulty[0] = new FaultyObjectStore(store))) {
      workplace.require(dataset.id());
      faulty[0].failNth(Call.GET_RANGE, 1, Moment.BEFORE, FailureKind.UNAVAILABLE);
      FsException failure = assertThrows(FsException.class, () -> workplace.run(dataset, source));
      assertEquals(FailureKind.UNAVAILABLE, failure.kind());
      assertEquals(1, workplace.require(dataset.id()).head().versions().size());
      workplace.run(dataset, source);
    }
  }

  @Test
  @Tag("promise-2")
  void whatWasStoredBeforeAFailureIsUsed() throws IOException {
    Files.write(source.resolve("larger"), Contents.random(2, 80 << 20));
    FaultyObjectStore faulty = new FaultyObjectStore(new MemoryObjectStore());
    Imports imports = new Imports(faulty);
    faulty.failNth(Call.PUT_IF_ABSENT, 3, Moment.BEFORE, FailureKind.UNAVAILABLE);
    imports.assertFails(FailureKind.UNAVAILABLE, source);
    long[] left = new long[1];
    faulty.list("", object -> left[0] += object.size());
    assertTrue(left[0] > 30 << 20, () -> "left " + left[0]);
    ImportResult next = imports.ofAndCompare(source);
    assertTrue(next.storedBytes() < (125L << 20) - left[0], () -> "stored " + next.storedBytes());
  }

  @Test
  @Tag("promise-2")
  void pagesFollowWhatTheyPointTo() throws IOException {
    OrderCheckingStore checking = new OrderCheckingStore(new MemoryObjectStore());
    new Imports(checking.store()).ofAndCompare(source);
    assertEquals(1, checking.treePacks());
  }

  /** With packs of pages so small that each page fills one. */
  @Test
  void pagesFollowWhatTheyPointToHoweverManyTheyAre() throws IOException {
    OrderCheckingStore checking = new OrderCheckingStore(new MemoryObjectStore());
    ObjectStore store = checking.store();
    SecureRandom random = new SecureRandom();
    try (PackUploader uploader = new PackUploader(store, Imports.DATASET, 3);
        ContentEncoder encoder = new ContentEncoder(new ChunkTable())) {
      DataPacks data = new DataPacks(uploader, random);
      try (TreePacks pages = new TreePacks(new ChunkTable(), data, uploader, random, 1)) {
        TreeBuilder tree = new TreeBuilder(pages);
        tree.beginDirectory("", 0755, Instant.EPOCH);
        for (int i = 0; i < 30; i++) {
          byte[] content = Contents.random(i, 1000);
          ContentEncoder.EncodedChunk chunk = encoder.encodeChunk(content);
          data.place(chunk.block());
          tree.beginDirectory("d%02d".formatted(i), 0755, Instant.EPOCH);
          FileResult file =
              new FileResult(1000, Digest.compute(content), null, List.of(chunk.part()));
          tree.addFile("file", 0644, Instant.EPOCH, file);
          tree.endDirectory();
        }
        tree.endDirectory();
        pages.flush();
      }
    }
    assertEquals(31, checking.treePacks());
  }

  @Test
  void aFullDiskAtTheStore() throws IOException {
    Path disk = Files.createDirectory(temp.resolve("disk"));
    try (Tmpfs tmpfs = Tmpfs.mount(disk, "size=20m");
        Workplace workplace = new Workplace(tmpfs.path())) {
      Dataset dataset = workplace.create("full");
      FsException failure = assertThrows(FsException.class, () -> workplace.run(dataset, source));
      assertEquals(FailureKind.NO_SPACE, failure.kind(), failure.getMessage());
      assertTrue(failure.getMessage().contains(disk.toString()), failure.getMessage());
      assertEquals(List.of(), workplace.require(dataset.id()).head().versions());
      tmpfs.remount("size=200m");
      ResolvedVersion version = workplace.run(dataset, source);
      assertEquals(
          TreeListing.ofSource(source), workplace.listing(dataset, version.version().tree()));
    }
  }

  @Test
  void aFullOrMissingDiskOfTheCacheDoesNotMatter() throws IOException {
    for (int i = 0; i < 3000; i++) {
      Files.write(source.resolve("one-of-many-" + i), Contents.random(i, 500));
    }
    Path disk = Files.createDirectory(temp.resolve("disk"));
    try (Tmpfs tmpfs = Tmpfs.mount(disk, "size=4k");
        LocalObjectStore store = LocalObjectStore.open(temp.resolve("store"))) {
      new Imports(store, Optional.of(tmpfs.path()), ChangedFilesTest.LATER).ofAndCompare(source);
      assertTrue(disk.toFile().list().length <= 1);
      tmpfs.remount("ro");
      new Imports(store, Optional.of(tmpfs.path())).ofAndCompare(source);
      Path file = Files.writeString(temp.resolve("file"), "no directory");
      new Imports(store, Optional.of(file)).ofAndCompare(source);
    }
  }
}
