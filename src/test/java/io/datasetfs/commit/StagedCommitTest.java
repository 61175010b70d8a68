package io.datasetfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.format.PackLayout;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.read.DatasetReader;
import io.datasetfs.read.ReadCaches;
import io.datasetfs.read.fetch.Fetcher;
import io.datasetfs.staging.AttributeChange;
import io.datasetfs.staging.OpenMode;
import io.datasetfs.staging.StagedFile;
import io.datasetfs.staging.StagedVersion;
import io.datasetfs.store.Contents;
import io.datasetfs.store.FaultyObjectStore;
import io.datasetfs.store.FaultyObjectStore.Call;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is committed, and what that costs. */
@Timeout(300)
final class StagedCommitTest {
  /** What a commit of next to nothing may store: pages. */
  private static final long LITTLE = 20_000;

  @TempDir private Path temp;
  private StagedPlace place;

  @BeforeEach
  void open() throws FsException {
    place = new StagedPlace(temp.resolve("home"));
  }

  @AfterEach
  void close() {
    place.close();
    Imports.assertNoThreadsLeft();
  }

  private ResolvedVersion commitAndCompare(StagedVersion files) throws FsException {
    SortedMap<String, String> shown = TreeListing.ofStaged(files);
    ResolvedVersion committed = place.commit(files);
    assertEquals(shown, place.listing(committed));
    return committed;
  }

  @Test
  void aCopiedTreeIsCommittedAsItIs() throws IOException {
    Path source = Files.createDirectory(temp.resolve("source"));
    RandomTree.fill(source, 7, 300);
    try (StagedVersion files = place.create()) {
      new StagedEdits(files).copy(source, "");
      assertEquals(TreeListing.ofSource(source), place.listing(place.commit(files)));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatAVersionShowedIsWhatIsCommitted(long seed) throws IOException {
    Path source = Files.createDirectory(temp.resolve("source"));
    RandomTree.fill(source, seed, 60);
    ResolvedVersion last;
    try (StagedVersion files = place.create()) {
      StagedEdits edits = new StagedEdits(files);
      edits.copy(source, "");
      edits.changeAtRandom(seed, 60);
      last = commitAndCompare(files);
    }
    for (int round = 1; round <= 4; round++) {
      SortedMap<String, String> before = place.listing(last);
      ResolvedVersion next;
      try (StagedVersion files = place.createOver(last)) {
        new StagedEdits(files).changeAtRandom(seed * 100 + round, 20);
        next = commitAndCompare(files);
      }
      assertEquals(before, place.listing(last));
      last = next;
    }
  }

  @Test
  void theRecordMovesFromUncommittedToCommitted() throws FsException {
    ResolvedVersion first;
    try (StagedVersion files = place.create()) {
      new StagedEdits(files).create("file", new byte[] {1});
      files.setAttributes(
          files.root(), AttributeChange.NONE.withMode(0711).withMtime(Instant.ofEpochSecond(5, 6)));
      first = place.commit(files);
      assertTrue(files.isSealed());
    }
    assertEquals(Optional.empty(), first.version().parent());
    assertEquals(0711, first.version().tree().mode());
    assertEquals(Instant.ofEpochSecond(5, 6), first.version().tree().mtime());
    try (StagedVersion files = place.createOver(first)) {
      new StagedEdits(files).create("other", new byte[] {2});
      Instant created =
          place.dataset().head().findUncommitted(files.description().version()).get().created();
      ResolvedVersion second = place.commit(files);
      assertEquals(files.description().version(), second.id());
      assertEquals(Optional.of(first.id()), second.version().parent());
      assertEquals("done", second.version().message());
      assertEquals(created, second.version().created());
      assertEquals(2, second.version().sequence());
      assertEquals(List.of(), place.dataset().head().uncommitted());
      assertEquals(second.id(), place.dataset().head().tags().get("tag"));
      assertEquals(Optional.of(second.id()), place.dataset().head().latest());
      FsException again = assertThrows(FsException.class, () -> place.commit(files));
      assertEquals(FailureKind.READ_ONLY, again.kind());
    }
  }

  @Test
  @Tag("promise-30")
  void aBaseThatWasNotTouchedIsTakenOver() throws FsException {
    ResolvedVersion base = largeBase();
    long stored = place.storedBytes();
    try (StagedVersion files = place.createOver(base)) {
      assertEquals(base.version().tree(), place.commit(files).version().tree());
    }
    assertEquals(stored, place.storedBytes());
  }

  /** Two directories of many files, in packs of their own, and one file beside them. */
  private ResolvedVersion largeBase() throws FsException {
    ResolvedVersion inner;
    try (StagedVersion files = place.create()) {
      StagedEdits edits = new StagedEdits(files);
      for (String top : List.of("a", "b")) {
        edits.directory(top);
        edits.directory(top + "/below");
        for (int i = 0; i < 300; i++) {
          edits.create(top + "/below/file" + i, Contents.random(i + top.hashCode(), 2000));
        }
      }
      inner = place.commit(files);
    }
    try (StagedVersion files = place.createOver(inner)) {
      StagedEdits edits = new StagedEdits(files);
      edits.directory("touched");
      edits.create("touched/file", Contents.random(77, 3000));
      return place.commit(files);
    }
  }

  /** The packs with what is untouched are gone, so nothing can have come from them. */
  @Test
  @Tag("promise-30")
  void nothingBelowUntouchedDirectoriesIsRead() throws FsException {
    ResolvedVersion base = largeBase();
    TreeEntry.Directory a = (TreeEntry.Directory) entry(base, "a").orElseThrow();
    String gone = PackLayout.key(place.dataset().id(), a.page().pack());
    try (StagedVersion files = place.createOver(base)) {
      StagedEdits edits = new StagedEdits(files);
      edits.create("touched/new", Contents.random(78, 3000));
      edits.rename("b", "touched/b renamed");
      edits.change("a", AttributeChange.NONE.withMode(0700));
      byte[] lost = place.store().find(gone).orElseThrow().content();
      place.store().delete(gone);
      ResolvedVersion committed = place.commit(files);
      place.store().putIfAbsent(gone, Contents.pieces(lost));
      assertEquals(TreeListing.ofStaged(files), place.listing(committed));
      assertEquals(a.page(), ((TreeEntry.Directory) entry(committed, "a").get()).page());
      assertEquals(0700, entry(committed, "a").get().mode());
    }
  }

  private Optional<TreeEntry> entry(ResolvedVersion version, String name) throws FsException {
    List<TreeEntry> found = new ArrayList<>();
    try (Fetcher fetcher = new Fetcher()) {
      new DatasetReader(
              place.store(), place.dataset().id(), fetcher, ReadCaches.bounded(1 << 20, 1 << 20))
          .tree(version.version().tree())
          .find(version.version().tree(), name)
          .ifPresent(item -> found.add(item.entry()));
    }
    return found.stream().findFirst();
  }

  @Test
  void contentOfAnyVersionIsStoredOnce() throws FsException {
    byte[] large = Contents.random(1, 5_000_000);
    byte[] small = Contents.random(2, 100_000);
    try (StagedVersion files = place.create()) {
      new StagedEdits(files).create("large", large);
      new StagedEdits(files).create("small", small);
      place.commit(files);
    }
    long stored = place.storedBytes();
    try (StagedVersion files = place.create()) {
      StagedEdits edits = new StagedEdits(files);
      edits.directory("elsewhere");
      edits.create("elsewhere/copy", large);
      edits.create("elsewhere/second copy", large);
      edits.create("same", small);
      commitAndCompare(files);
    }
    assertTrue(place.storedBytes() - stored < LITTLE, () -> "stored " + storedSince(stored));
  }

  private String storedSince(long before) {
    try {
      return Long.toString(place.storedBytes() - before);
    } catch (FsException e) {
      return e.toString();
    }
  }

  @Test
  @Tag("promise-30")
  void ofALargeFileWhatChangedIsStored() throws FsException {
    ResolvedVersion base;
    try (StagedVersion files = place.create()) {
      new StagedEdits(files).create("large", Contents.random(1, 20_000_000));
      base = place.commit(files);
    }
    long stored = place.storedBytes();
    try (StagedVersion files = place.createOver(base)) {
      StagedEdits edits = new StagedEdits(files);
      edits.write("large", 9_000_000, Contents.random(2, 10));
      edits.write("large", 20_000_000, Contents.random(3, 10));
      commitAndCompare(files);
    }
    assertTrue(
        place.storedBytes() - stored < 3 * Chunker.MAX, () -> "stored " + storedSince(stored));
  }

  @Test
  @Tag("promise-29")
  void specialFilesAreNamedAndNothingIsDone() throws FsException {
    try (StagedVersion files = place.create()) {
      StagedEdits edits = new StagedEdits(files);
      edits.create("a file", Contents.random(1, 3_000_000));
      edits.directory("dir");
      edits.fifo("dir/pipe");
      edits.fifo("other");
      FsException failure = assertThrows(FsException.class, () -> place.commit(files));
      assertEquals(FailureKind.SPECIAL_FILE, failure.kind());
      assertTrue(failure.getMessage().contains("dir/pipe, other"), failure.getMessage());
      assertEquals(0, place.storedBytes());
      assertEquals(1, place.dataset().head().uncommitted().size());
      edits.unlink("dir/pipe");
      edits.unlink("other");
      commitAndCompare(files);
    }
  }

  @Test
  @Tag("promise-29")
  void whoHasFilesOpenForWritingIsNamedAndGoesOn() throws FsException {
    try (StagedVersion files = place.create()) {
      StagedEdits edits = new StagedEdits(files);
      edits.directory("dir");
      edits.create("dir/one", new byte[0]);
      edits.create("two", new byte[0]);
      try (StagedFile one = files.open(edits.at("dir/one"), OpenMode.WRITE.by(4711));
          StagedFile two = files.open(edits.at("two"), OpenMode.WRITE.by(4712))) {
        FsException failure =
            assertThrows(FsException.class, () -> place.commit(files, Duration.ofMillis(20)));
        assertEquals(FailureKind.BUSY, failure.kind());
        assertTrue(
            failure.getMessage().contains("dir/one by process 4711, two by process 4712"),
            failure.getMessage());
        assertEquals(0, place.storedBytes());
        one.append(ByteBuffer.wrap(new byte[] {1}));
        two.append(ByteBuffer.wrap(new byte[] {2}));
        edits.create("three", new byte[] {3});
      }
      commitAndCompare(files);
    }
  }

  @Test
  void manyChangedFilesOfABaseDoNotTakeADescriptorEach() throws FsException {
    ResolvedVersion base;
    try (StagedVersion files = place.create()) {
      for (int i = 0; i < 3000; i++) {
        new StagedEdits(files).create("file" + i, Contents.random(i, 200));
      }
      base = place.commit(files);
    }
    try (StagedVersion files = place.createOver(base)) {
      for (int i = 0; i < 3000; i++) {
        new StagedEdits(files).write("file" + i, 0, new byte[] {42});
      }
      long before = descriptors();
      long[] most = new long[1];
      SortedMap<String, String> shown = TreeListing.ofStaged(files);
      ResolvedVersion committed =
          place.commit(
              files,
              new ImportProgress() {
                @Override
                public boolean wantsTotals() {
                  return true;
                }

                @Override
                public void expect(long bytes) {
                  assertEquals(600_000, bytes);
                }

                @Override
                public void advance(long bytes) {
                  most[0] = Math.max(most[0], descriptors());
                }
              });
      assertEquals(shown, place.listing(committed));
      assertTrue(most[0] - before < 200, () -> before + " descriptors, then " + most[0]);
    }
  }

  private static long descriptors() {
    String[] open = Path.of("/proc/self/fd").toFile().list();
    return open == null ? 0 : open.length;
  }

  @Test
  void aDatasetThatIsDeletedMeanwhileKeepsNothing() throws IOException {
    FaultyObjectStore[] faulty = new FaultyObjectStore[1];
    try (StagedPlace other =
            new StagedPlace(
                temp.resolve("other"), store -> faulty[0] = new FaultyObjectStore(store), null);
        StagedVersion files = other.create()) {
      new StagedEdits(files).create("file", Contents.random(1, 10_000));
      var known = other.dataset();
      other.workplace().catalog().delete(known);
      FsException failure =
          assertThrows(FsException.class, () -> other.commit(known, files, Duration.ZERO));
      assertEquals(FailureKind.NOT_FOUND, failure.kind());
      List<String> left = new ArrayList<>();
      faulty[0].list(known.prefix(), object -> left.add(object.key()));
      assertEquals(List.of(), left);
      assertFalse(files.isSealed());
      assertTrue(faulty[0].calls(Call.PUT_IF_ABSENT) > 0);
    }
  }
}
