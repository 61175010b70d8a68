package io.datasetfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
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

/** What is committed. */
@Timeout(300)
final class StagedCommitTest {
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
      last = place.commitAndCompare(files);
    }
    for (int round = 1; round <= 4; round++) {
      SortedMap<String, String> before = place.listing(last);
      ResolvedVersion next;
      try (StagedVersion files = place.createOver(last)) {
        new StagedEdits(files).changeAtRandom(seed * 100 + round, 20);
        next = place.commitAndCompare(files);
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
      place.commitAndCompare(files);
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
      place.commitAndCompare(files);
    }
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
