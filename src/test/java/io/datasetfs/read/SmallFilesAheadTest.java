package io.datasetfs.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Digest;
import io.datasetfs.model.Extent;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.TreeEntry.Directory;
import io.datasetfs.model.TreeEntry.FileContent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Small files that share blocks, read in several orders. */
@Timeout(120)
class SmallFilesAheadTest {
  private static final int FILE = 8000;
  private static final int FILES_IN_BLOCK = 32;

  private final ReadFixture fixture = new ReadFixture(3, 1000);
  private final List<BlockRef> blocks = new ArrayList<>();
  private Directory root;
  private final Random random = new Random(4);

  @AfterEach
  void close() {
    fixture.close();
  }

  /** A file and what must be in it. */
  private record Expected(Directory directory, String name, byte[] content, BlockRef block) {}

  /** Directories with the same number of files each, in blocks that they share in path order. */
  private List<Expected> directories(int count, int files) throws FsException {
    List<byte[]> contents = new ArrayList<>();
    for (int i = 0; i < count * files; i++) {
      byte[] content = new byte[FILE];
      random.nextBytes(content);
      contents.add(content);
    }
    List<Extent.Stored> extents = new ArrayList<>();
    for (int at = 0; at < contents.size(); at += FILES_IN_BLOCK) {
      List<byte[]> together = contents.subList(at, Math.min(contents.size(), at + FILES_IN_BLOCK));
      byte[] block = new byte[together.size() * FILE];
      for (int i = 0; i < together.size(); i++) {
        System.arraycopy(together.get(i), 0, block, i * FILE, FILE);
      }
      BlockRef ref = fixture.builder.storeBlock(block);
      blocks.add(ref);
      for (int i = 0; i < together.size(); i++) {
        extents.add(new Extent.Stored(ref, i * FILE, FILE));
      }
    }
    List<TreeEntry> stored = new ArrayList<>();
    List<Expected> expected = new ArrayList<>();
    for (int d = 0; d < count; d++) {
      List<TreeEntry> entries = new ArrayList<>();
      for (int f = 0; f < files; f++) {
        int i = d * files + f;
        entries.add(
            new TreeEntry.File(
                "f%05d".formatted(f),
                0644,
                Model.TIME,
                FILE,
                Digest.compute(contents.get(i)),
                new FileContent.Extents(List.of(extents.get(i)))));
      }
      Directory directory = fixture.builder.storeDirectory("d%04d".formatted(d), entries);
      stored.add(directory);
      for (int f = 0; f < files; f++) {
        expected.add(
            new Expected(
                directory,
                entries.get(f).name(),
                contents.get(d * files + f),
                extents.get(d * files + f).block()));
      }
    }
    root = fixture.builder.storeDirectory("", stored);
    fixture.builder.flush();
    fixture.reader = fixture.reader();
    return expected;
  }

  /** Reads a file as the file system does: by its name, below the root. */
  private void read(Expected file) throws FsException {
    VersionTree tree = fixture.reader.tree(root);
    Directory directory =
        (Directory) tree.find(root, file.directory().name()).orElseThrow().entry();
    TreeItem item = tree.find(directory, file.name()).orElseThrow();
    try (FileReader reader = fixture.reader.open(item)) {
      assertArrayEquals(file.content(), ReadFixture.read(reader, 0, FILE));
    }
  }

  private Map<BlockRef, Integer> blockFetches() {
    return fixture.fetchesOf(blocks);
  }

  @ParameterizedTest(name = "{0}, {1} readers")
  @CsvSource({"name,1", "name,8", "shuffled,1", "shuffled,8", "backward,1"})
  void eachBlockOfADirectoryIsFetchedOnce(String order, int readers) throws Exception {
    List<Expected> files = new ArrayList<>(directories(1, 2000));
    arrange(files, order);
    readAll(files, readers);
    fixture.awaitReadahead();
    assertEquals(blocks.size(), blockFetches().size());
    assertEquals(1, Collections.max(blockFetches().values()));
  }

  private void arrange(List<Expected> files, String order) {
    if (order.equals("shuffled")) {
      Collections.shuffle(files, random);
    } else if (order.equals("backward")) {
      Collections.reverse(files);
    }
  }

  private void readAll(List<Expected> files, int readers) throws Exception {
    ConcurrentLinkedQueue<Expected> left = new ConcurrentLinkedQueue<>(files);
    ExecutorService threads = Executors.newFixedThreadPool(readers);
    List<Future<?>> done = new ArrayList<>();
    for (int i = 0; i < readers; i++) {
      done.add(
          threads.submit(
              () -> {
                for (Expected next = left.poll(); next != null; next = left.poll()) {
                  read(next);
                }
                return null;
              }));
    }
    threads.shutdown();
    for (Future<?> reader : done) {
      reader.get();
    }
  }

  @Test
  void filesInOrderHaveTheNextBlocksAskedFor() throws Exception {
    List<Expected> files = directories(1, 400);
    for (Expected file : files.subList(0, 3)) {
      read(file);
      fixture.awaitReadahead();
    }
    int few = blockFetches().size();
    assertTrue(few >= 4 && few <= 6, few + " blocks: a mebibyte");
    for (Expected file : files.subList(3, 200)) {
      read(file);
      fixture.awaitReadahead();
    }
    assertEquals(blocks.size(), blockFetches().size(), "all, before the second half is read");
  }

  @Test
  void filesInNoOrderHaveAllBlocksOfTheirPageAskedFor() throws Exception {
    List<Expected> files = directories(1, 150);
    for (int i : new int[] {140, 20, 90}) {
      read(files.get(i));
    }
    fixture.awaitReadahead();
    assertEquals(blocks.size(), blockFetches().size());
  }

  @Test
  void aFileInEachOfManyDirectoriesAsksForNothing() throws Exception {
    List<Expected> files = directories(40, 100);
    List<Expected> some = new ArrayList<>();
    for (int i = 0; i < files.size(); i += 100) {
      some.add(files.get(i + random.nextInt(100)));
    }
    Collections.shuffle(some, random);
    for (Expected file : some) {
      read(file);
      fixture.awaitReadahead();
    }
    assertTrue(blockFetches().size() <= some.size() + 2, blockFetches().size() + " blocks");
  }

  @Test
  void whoGoesThroughManyDirectoriesHasTheNextOnesAskedFor() throws Exception {
    for (int inDirectory : new int[] {3, 40}) {
      blocks.clear();
      fixture.store.forget();
      List<Expected> files = directories(1200 / inDirectory, inDirectory);
      int waited = 0;
      for (Expected file : files) {
        waited += fixture.hasFetched(file.block()) ? 0 : 1;
        read(file);
        fixture.awaitReadahead();
      }
      assertEquals(blocks.size(), blockFetches().size());
      assertEquals(1, Collections.max(blockFetches().values()));
      assertTrue(waited <= 4, inDirectory + " files each: " + waited + " reads had to wait");
    }
  }

  @Test
  void filesInOrderHaveTheNextAskedForAgainAfterPlansThatWereDropped() throws Exception {
    List<Expected> files = directories(1, 800);
    BusyPlanner busy = new BusyPlanner();
    fixture.reader = fixture.reader(busy.planner());
    busy.occupy();
    for (Expected file : files.subList(0, 40)) {
      read(file);
    }
    busy.release();
    assertTrue(waitsOf(files.subList(40, 800)) <= 2, blockFetches().size() + " blocks");
  }

  @Test
  void filesInNoOrderHaveTheirPageAskedForAfterPlansThatWereDropped() throws Exception {
    List<Expected> files = directories(1, 150);
    BusyPlanner busy = new BusyPlanner();
    fixture.reader = fixture.reader(busy.planner());
    busy.occupy();
    for (int i : new int[] {140, 20, 90}) {
      read(files.get(i));
    }
    busy.release();
    read(files.get(50));
    fixture.awaitReadahead();
    assertEquals(blocks.size(), blockFetches().size());
  }

  @Test
  void whoGoesThroughDirectoriesHasTheNextAskedForAgainAfterAnOutage() throws Exception {
    List<Expected> files = directories(400, 3);
    for (Expected file : files.subList(0, 100)) {
      read(file);
      fixture.awaitReadahead();
    }
    fixture.store.fault(
        (key, content) -> {
          throw new FsException(FailureKind.UNAVAILABLE, "down");
        });
    int at = 100;
    while (canRead(files.get(at))) {
      fixture.awaitReadahead();
      at++;
    }
    fixture.store.fault((key, content) -> content);
    assertTrue(at < files.size() / 2, at + " files were read of those that were asked for");
    int waited = waitsOf(files.subList(at, files.size()));
    assertTrue(waited <= 4, waited + " reads had to wait");
  }

  private boolean canRead(Expected file) {
    try {
      read(file);
      return true;
    } catch (FsException e) {
      return false;
    }
  }

  private int waitsOf(List<Expected> files) throws Exception {
    int waited = 0;
    for (Expected file : files) {
      waited += fixture.hasFetched(file.block()) ? 0 : 1;
      read(file);
      fixture.awaitReadahead();
    }
    return waited;
  }
}
