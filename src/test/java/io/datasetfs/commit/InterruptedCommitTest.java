package io.datasetfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.VersionId;
import io.datasetfs.staging.StagedVersion;
import io.datasetfs.store.Contents;
import io.datasetfs.store.FaultyObjectStore;
import io.datasetfs.store.FaultyObjectStore.Call;
import io.datasetfs.store.FaultyObjectStore.Moment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commits that are cut off, and those whose last answer is lost. */
@Timeout(300)
final class InterruptedCommitTest {
  private static final int MANY_STEPS = 40;
  private static final int CONTENT = 3_000_000;
  private static final long LITTLE = 20_000;

  @TempDir private Path temp;
  private FaultyObjectStore store;

  private StagedPlace place(Path home) throws FsException {
    return new StagedPlace(home, inner -> store = new FaultyObjectStore(inner), null);
  }

  private static void fill(StagedVersion files, long seed) throws FsException {
    StagedEdits edits = new StagedEdits(files);
    edits.directory("dir");
    edits.create("dir/large", Contents.random(seed, CONTENT));
    edits.create("dir/small", Contents.random(seed + 1, 5000));
  }

  @Test
  @Tag("promise-29")
  @Tag("promise-2")
  void whereverACommitIsKilledItIsAllOrNothingAndCanBeRepeated() throws Exception {
    Path home = temp.resolve("home");
    List<String> steps = new ArrayList<>();
    try (StagedPlace place = new StagedPlace(home)) {
      Dataset dataset = place.dataset();
      String told = "";
      for (int step = 1; !told.startsWith("committed"); step++) {
        assertTrue(step < MANY_STEPS);
        VersionId version;
        SortedMap<String, String> shown;
        try (StagedVersion files = place.create()) {
          version = files.description().version();
          fill(files, 100L * step);
          shown = TreeListing.ofStaged(files);
        }
        told = CommitChild.runAndKill(home, dataset.id(), version, step);
        assertTrue(told.matches("stopped .*|committed .*"), told);
        steps.add(told.replaceAll("committed .*", "committed"));
        boolean swapped = told.equals("stopped after replaceIfMatch") || !told.contains("stopped");
        Dataset now = place.dataset();
        assertEquals(swapped, now.head().find(version).isPresent(), told);
        assertEquals(!swapped, now.head().findUncommitted(version).isPresent(), told);
        try (StagedVersion files = place.open(version)) {
          assertEquals(shown, TreeListing.ofStaged(files));
          if (!swapped) {
            long stored = place.storedBytes();
            place.commit(files);
            if (told.endsWith("replaceIfMatch")) {
              assertEquals(stored, place.storedBytes());
            } else if (steps.contains("stopped after putIfAbsent")) {
              assertTrue(place.storedBytes() - stored < LITTLE, told);
            }
          }
        }
        Dataset after = place.dataset();
        assertEquals(
            shown,
            place.listing(new ResolvedVersion(after, after.head().find(version).orElseThrow())));
      }
    }
    assertEquals(
        List.of(
            "stopped before list",
            "stopped after list",
            "stopped before putIfAbsent", // content
            "stopped after putIfAbsent",
            "stopped before putIfAbsent", // pages
            "stopped after putIfAbsent",
            "stopped before replaceIfMatch",
            "stopped after replaceIfMatch",
            "committed"),
        steps);
  }

  @Test
  @Tag("promise-2")
  void theLastAnswerIsLostAndFoundOut() throws FsException {
    for (Moment moment : Moment.values()) {
      try (StagedPlace place = place(temp.resolve(moment.name()));
          StagedVersion files = place.create()) {
        fill(files, 1);
        store.failNth(Call.REPLACE_IF_MATCH, 1, moment, FailureKind.STATE_UNKNOWN);
        assertEquals(TreeListing.ofStaged(files), place.listing(place.commit(files)));
        assertEquals(1, place.dataset().head().versions().size());
      }
    }
  }

  @Test
  @Tag("promise-29")
  @Tag("promise-2")
  void whatCannotBeFoundOutIsSaidAndNothingIsDeletedOrWritten() throws Exception {
    for (Moment moment : Moment.values()) {
      try (StagedPlace place = place(temp.resolve(moment.name()));
          StagedVersion files = place.create()) {
        fill(files, 1);
        Dataset dataset = place.dataset();
        store.failNth(Call.REPLACE_IF_MATCH, 1, moment, FailureKind.STATE_UNKNOWN);
        failReadsAfterTheSwap();
        FsException failure =
            assertThrows(FsException.class, () -> place.commit(dataset, files, Duration.ZERO));
        assertEquals(FailureKind.STATE_UNKNOWN, failure.kind(), failure.getMessage());
        assertTrue(files.isSealed());
        store.heal();
        long stored = place.storedBytes();
        // The next try is told the truth whether or not it knows of the first.
        ResolvedVersion committed = place.commit(dataset, files, Duration.ZERO);
        assertEquals(TreeListing.ofStaged(files), place.listing(committed));
        assertEquals(1, place.dataset().head().versions().size());
        assertEquals(Optional.of(committed.id()), place.dataset().head().latest());
        assertEquals(stored, place.storedBytes());
        assertTrue(files.isSealed());
      }
    }
  }

  /** The head is read once before it is swapped. */
  private void failReadsAfterTheSwap() {
    for (int nth = 2; nth < 100; nth++) {
      store.failNth(Call.FIND, nth, Moment.BEFORE, FailureKind.UNAVAILABLE);
    }
  }

  @Test
  @Tag("promise-30")
  void aFailedCommitTakesWritesAgainAndTheNextStoresTheRest() throws FsException {
    for (Call call : List.of(Call.LIST, Call.PUT_IF_ABSENT, Call.REPLACE_IF_MATCH)) {
      try (StagedPlace place = place(temp.resolve(call.name()));
          StagedVersion files = place.create()) {
        fill(files, 1);
        // Of two packs the second is of pages.
        int nth = call == Call.PUT_IF_ABSENT ? 2 : 1;
        store.failNth(call, nth, Moment.BEFORE, FailureKind.NO_SPACE);
        FsException failure = assertThrows(FsException.class, () -> place.commit(files));
        assertEquals(FailureKind.NO_SPACE, failure.kind());
        assertFalse(files.isSealed());
        assertEquals(1, place.dataset().head().uncommitted().size());
        long stored = place.storedBytes();
        new StagedEdits(files).create("one more", Contents.random(9, 1000));
        assertEquals(TreeListing.ofStaged(files), place.listing(place.commit(files)));
        if (call != Call.LIST) {
          assertTrue(stored > CONTENT, "stored " + stored);
          assertTrue(place.storedBytes() - stored < LITTLE, "stored again");
        }
      }
    }
  }

  @Test
  @Tag("promise-29")
  void anInterruptEndsItAndItTakesWritesAgain() throws Exception {
    int interrupted = 0;
    for (int millis = 0; millis < 400; millis += 20) {
      try (StagedPlace place = place(temp.resolve("home" + millis));
          StagedVersion files = place.create()) {
        fill(files, millis);
        SortedMap<String, String> shown = TreeListing.ofStaged(files);
        FsException failure = commitAndInterrupt(place, files, millis);
        boolean committed = place.dataset().head().uncommitted().isEmpty();
        if (failure == null) {
          assertTrue(committed);
          continue;
        }
        if (failure.kind() == FailureKind.STATE_UNKNOWN) {
          assertTrue(files.isSealed());
          continue;
        }
        interrupted++;
        assertEquals(FailureKind.INTERRUPTED, failure.kind(), failure.getMessage());
        assertFalse(committed);
        assertFalse(files.isSealed());
        assertEquals(shown, place.listing(place.commit(files)));
      }
    }
    assertTrue(interrupted > 0);
  }

  private static FsException commitAndInterrupt(StagedPlace place, StagedVersion files, long millis)
      throws InterruptedException {
    AtomicReference<FsException> failure = new AtomicReference<>();
    AtomicReference<Throwable> unexpected = new AtomicReference<>();
    Thread committing =
        new Thread(
            () -> {
              try {
                place.commit(files);
              } catch (FsException e) {
                failure.set(e);
              }
            });
    committing.setUncaughtExceptionHandler((thread, e) -> unexpected.set(e));
    committing.start();
    Thread.sleep(millis);
    committing.interrupt();
    committing.join(60_000);
    assertFalse(committing.isAlive());
    Imports.assertNoThreadsLeft();
    if (unexpected.get() != null) {
      throw new AssertionError(unexpected.get());
    }
    return failure.get() == null ? null : assertInstanceOf(FsException.class, failure.get());
  }
}
