package io.datasetfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.staging.AttributeChange;
import io.datasetfs.staging.OpenMode;
import io.datasetfs.staging.RenameMode;
import io.datasetfs.staging.StagedFile;
import io.datasetfs.staging.StagedInode;
import io.datasetfs.staging.StagedVersion;
import io.datasetfs.store.Contents;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commits while others write, and while others commit. */
@Timeout(300)
final class CommitRacesTest {
  private static final int WRITERS = 4;
  private static final int ROUNDS = 12;

  @TempDir private Path temp;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void end() throws InterruptedException {
    threads.shutdownNow();
    assertTrue(threads.awaitTermination(60, TimeUnit.SECONDS));
  }

  /** What one thread did in a directory of its own: names, and the bytes behind them. */
  private static final class Writer implements Callable<SortedMap<String, String>> {
    private final StagedVersion files;
    private final StagedInode directory;
    private final Random random;
    private final SortedMap<String, String> acknowledged = new TreeMap<>();
    private int refused;

    Writer(StagedVersion files, String name, long seed) throws FsException {
      this.files = files;
      this.directory = files.makeDirectory(files.root(), name, 0755, StagedPlace.OWNER);
      this.random = new Random(seed);
    }

    /** Goes on until it was refused some times, by different operations. */
    @Override
    public SortedMap<String, String> call() throws FsException {
      for (int i = 0; refused < 20; i++) {
        try {
          step(i);
          assertEquals(0, refused, "a write after one that was refused");
        } catch (FsException e) {
          assertEquals(FailureKind.READ_ONLY, e.kind(), e.getMessage());
          refused++;
        }
      }
      return acknowledged;
    }

    /** Does something and notes it, after it was acknowledged. */
    private void step(int i) throws FsException {
      String known = acknowledged.isEmpty() ? null : acknowledged.lastKey();
      switch (known == null ? 0 : random.nextInt(5)) {
        case 0 -> {
          String name = "n%07d".formatted(i);
          try (StagedFile file =
              files.create(directory, name, 0600, StagedPlace.OWNER, OpenMode.WRITE.by(1))) {
            acknowledged.put(name, "");
            file.append(ByteBuffer.wrap(new byte[] {'a'}));
            acknowledged.put(name, "a");
          }
        }
        case 1, 2 -> {
          StagedInode inode = files.lookup(directory, known);
          try (StagedFile file = files.open(inode, OpenMode.WRITE.by(1))) {
            for (char c = 'a'; c < 'd'; c++) {
              file.append(ByteBuffer.wrap(new byte[] {(byte) c}));
              acknowledged.merge(known, String.valueOf(c), String::concat);
            }
          }
        }
        case 3 -> {
          String name = "r%07d".formatted(i);
          files.rename(directory, known, directory, name, RenameMode.REPLACE);
          acknowledged.put(name, acknowledged.remove(known));
        }
        default -> {
          files.setAttributes(files.lookup(directory, known), AttributeChange.NONE.withSize(1L));
          acknowledged.computeIfPresent(known, (k, text) -> text.substring(0, 1));
        }
      }
    }
  }

  @Test
  @Tag("promise-29")
  @Tag("promise-2")
  void everyWriteBeforeTheSealIsInAndEveryLaterOneIsRefused() throws Exception {
    try (StagedPlace place = new StagedPlace(temp.resolve("home"))) {
      for (int round = 0; round < ROUNDS; round++) {
        try (StagedVersion files = place.create()) {
          List<Future<SortedMap<String, String>>> writers = new ArrayList<>();
          for (int i = 0; i < WRITERS; i++) {
            writers.add(threads.submit(new Writer(files, "w" + i, 10L * round + i)));
          }
          Thread.sleep(10 + 3L * round);
          ResolvedVersion committed = place.commit(files, Duration.ofSeconds(30));
          SortedMap<String, String> expected = new TreeMap<>();
          for (int i = 0; i < WRITERS; i++) {
            for (Map.Entry<String, String> file : writers.get(i).get().entrySet()) {
              expected.put("w" + i + "/" + file.getKey(), file.getValue());
            }
          }
          assertEquals(TreeListing.ofStaged(files), place.listing(committed));
          assertEquals(expected, contents(files, expected));
          assertEquals(expected.size() + WRITERS, place.listing(committed).size());
        }
      }
    }
  }

  /** What the version, which is what was committed, holds under these names. */
  private static SortedMap<String, String> contents(
      StagedVersion files, SortedMap<String, String> names) throws FsException {
    SortedMap<String, String> found = new TreeMap<>();
    for (String path : names.keySet()) {
      ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
      try (StagedFile file = files.open(new StagedEdits(files).at(path), OpenMode.READ)) {
        int length = file.read(0, bytes);
        found.put(path, new String(bytes.array(), 0, length, StandardCharsets.US_ASCII));
      }
    }
    return found;
  }

  @Test
  @Tag("promise-2")
  void ofCommitsAtOnceOneSucceeds() throws Exception {
    try (StagedPlace place = new StagedPlace(temp.resolve("home"))) {
      for (int round = 0; round < ROUNDS; round++) {
        try (StagedVersion files = place.create()) {
          new StagedEdits(files).create("file", Contents.random(round, 300_000));
          SortedMap<String, String> shown = TreeListing.ofStaged(files);
          Dataset dataset = place.dataset();
          List<Callable<ResolvedVersion>> commits = new ArrayList<>();
          for (int i = 0; i < 3; i++) {
            commits.add(() -> place.commit(dataset, files, Duration.ofSeconds(5)));
          }
          ResolvedVersion committed = null;
          for (Future<ResolvedVersion> commit : threads.invokeAll(commits)) {
            try {
              // Those that came too late may find that all of it is as they would have it.
              committed = commit.get();
            } catch (ExecutionException e) {
              FsException failure = (FsException) e.getCause();
              assertTrue(
                  EnumSet.of(FailureKind.BUSY, FailureKind.READ_ONLY).contains(failure.kind()),
                  failure::toString);
            }
          }
          assertNotNull(committed);
          assertTrue(files.isSealed());
          assertEquals(shown, place.listing(committed));
          assertEquals(round + 1, place.dataset().head().versions().size());
          assertEquals(List.of(), place.dataset().head().uncommitted());
        }
      }
    }
  }
}
