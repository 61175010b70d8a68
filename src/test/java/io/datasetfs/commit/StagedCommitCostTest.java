package io.datasetfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.format.PackLayout;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.read.DatasetReader;
import io.datasetfs.read.ReadCaches;
import io.datasetfs.read.fetch.Fetcher;
import io.datasetfs.staging.AttributeChange;
import io.datasetfs.staging.StagedVersion;
import io.datasetfs.store.Contents;
import java.nio.file.Path;
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

/** What a commit reads, stores and keeps open. */
@Timeout(300)
final class StagedCommitCostTest {
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
      place.commitAndCompare(files);
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
      place.commitAndCompare(files);
    }
    assertTrue(
        place.storedBytes() - stored < 3 * Chunker.MAX, () -> "stored " + storedSince(stored));
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
}
