package io.datasetfs.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is fetched for the reads of one large file, and when. */
@Timeout(120)
class FileAheadTest {
  private static final int REQUEST = 128 << 10;
  private static final int SIZE = 48_000_000;

  private final ReadFixture fixture = new ReadFixture(9, 300_000);
  private final Model.File model = Model.File.of(ReadFixture.bytes(1, SIZE));
  private TreeEntry.File entry;
  private Set<BlockRef> blocks;

  @AfterEach
  void close() {
    fixture.close();
  }

  private record Request(long offset, int length) {}

  private FileReader open() throws FsException {
    if (entry == null) {
      entry = fixture.builder.storeFile("file", model);
      fixture.builder.flush();
    }
    fixture.reader = fixture.reader();
    blocks = fixture.blocksOf(entry);
    fixture.store.forget();
    return fixture.reader.open(entry);
  }

  private void readAll(FileReader file, List<Request> requests) throws Exception {
    for (Request next : requests) {
      assertArrayEquals(
          model.bytes(next.offset(), next.length()),
          ReadFixture.read(file, next.offset(), next.length()));
      fixture.awaitReadahead();
    }
  }

  /** What is fetched when nothing is loaded ahead. */
  private Set<BlockRef> touched(List<Request> requests) throws Exception {
    FileReader closed = open();
    closed.close();
    readAll(closed, requests);
    return fixture.fetchesOf(blocks).keySet();
  }

  private static List<Request> pieces(long first, long stride, int count, int length) {
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      requests.add(new Request(first + i * stride, length));
    }
    return requests;
  }

  @Test
  void randomReadsFetchNothingButTheBlocksTheyTouch() throws Exception {
    Random random = new Random(5);
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      requests.add(new Request(random.nextLong(1, SIZE / 65_536) * 65_536, 65_536));
    }
    Set<BlockRef> touched = touched(requests);
    readAll(open(), requests);
    assertEquals(touched, fixture.fetchesOf(blocks).keySet());
    assertEquals(1, Collections.max(fixture.fetchesOf(blocks).values()));
  }

  @Test
  void stridedReadsHaveTheirBlocksFetchedBeforeAndLittleElse() throws Exception {
    List<Request> requests = pieces(500_000, 2_300_000, 20, 65_536);
    Set<BlockRef> touched = touched(requests);
    FileReader file = open();
    readAll(file, requests.subList(0, 8));
    int before = fixture.fetchesOf(blocks).size();
    readAll(file, requests.subList(8, 20));
    assertTrue(before > 8, "the next ones came before they were read");
    Set<BlockRef> fetched = fixture.fetchesOf(blocks).keySet();
    assertTrue(fetched.containsAll(touched));
    assertTrue(fetched.size() <= touched.size() + 2, fetched.size() + " of " + touched.size());
  }

  @Test
  void backwardReadsFetchEachBlockOnceAndInTime() throws Exception {
    FileReader file = open();
    List<Request> requests = pieces(SIZE - 65_536, -65_536, SIZE / 65_536, 65_536);
    readAll(file, requests.subList(0, 100));
    assertTrue(
        fixture.fetchesOf(blocks).size() > 2 * 100 * 65_536 / 150_000, "as much again is there");
    readAll(file, requests.subList(100, requests.size()));
    assertEquals(1, Collections.max(fixture.fetchesOf(blocks).values()));
  }

  @Test
  void aReadNeitherFailsNorWaitsForWhatIsFarAhead() throws Exception {
    FileReader file = open();
    readAll(file, pieces(0, REQUEST, 2, REQUEST));
    // Whatever the store says now, what is in memory is served.
    fixture.store.fault(
        (key, content) -> {
          throw new FsException(FailureKind.UNAVAILABLE, "down");
        });
    readAll(file, pieces(2 * REQUEST, REQUEST, 4, REQUEST));
    fixture.store.fault((key, content) -> content);
    readAll(file, pieces(6 * REQUEST, REQUEST, 100, REQUEST));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void anyMixOfPatternsGivesTheRightBytes(long seed) throws Exception {
    Random random = new Random(seed);
    FileReader file = open();
    for (int i = 0; i < 30; i++) {
      long first = random.nextLong(SIZE);
      int length = 1 + random.nextInt(2 * REQUEST);
      long stride =
          switch (random.nextInt(4)) {
            case 0 -> length;
            case 1 -> -length;
            case 2 -> random.nextInt(3_000_000) - 1_500_000;
            default -> 0;
          };
      for (int j = random.nextInt(40); j >= 0; j--) {
        long at = stride == 0 ? random.nextLong(SIZE) : first + j * stride;
        if (at >= 0) {
          assertArrayEquals(
              model.bytes(at, length), ReadFixture.read(file, at, length), "seed " + seed);
        }
      }
    }
  }
}
