package io.datasetfs.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry.FileContent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class FileReaderTest {
  private static final long GIB = 1L << 30;

  private final ReadFixture fixture = new ReadFixture(7, 5000);

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void anInlineFileIsReadWithoutAnyFetch() throws FsException {
    Model.File model = Model.File.inline(ReadFixture.bytes(1, 100));
    FileReader file = fixture.file(model);
    assertRandomReads(file, model, 1);
    assertEquals(0, fixture.store.total());
  }

  @Test
  void anEmptyFileHasNothingToRead() throws FsException {
    assertEquals(0, fixture.file(Model.File.of(new byte[0])).read(0, ByteBuffer.allocate(10)));
    assertEquals(0, fixture.file(Model.File.inline(new byte[0])).read(0, ByteBuffer.allocate(1)));
  }

  @Test
  void aFileOfSomeExtentsIsReadFromAnyOffset() throws FsException {
    Model.File model = Model.File.of(ReadFixture.bytes(2, 100_000));
    FileReader file = fixture.file(model);
    assertInstanceOf(FileContent.Extents.class, file.file().content());
    assertRandomReads(file, model, 2);
  }

  @Test
  void aFileOfManyExtentsHasThemInPagesAndIsReadFromAnyOffset() throws FsException {
    Model.File model = Model.File.of(ReadFixture.bytes(3, 5_000_000));
    FileReader file = fixture.file(model);
    assertInstanceOf(FileContent.Paged.class, file.file().content());
    assertRandomReads(file, model, 3);
  }

  @Test
  void offsetsBeyondTwoGiBAndHolesOfGigabytesAreRead() throws FsException {
    Model.File model =
        Model.File.of(ReadFixture.bytes(4, 10_000))
            .hole(3 * GIB + 1)
            .data(ReadFixture.bytes(5, 700_000))
            .hole(5 * GIB)
            .data(ReadFixture.bytes(6, 3));
    FileReader file = fixture.file(model);
    assertEquals(8 * GIB + 710_004, file.file().size());
    for (long edge : new long[] {0, 10_000, 3 * GIB + 10_001, 3 * GIB + 710_001, model.size()}) {
      for (int before = 0; before < 200; before += 33) {
        long at = Math.max(0, edge - before);
        assertArrayEquals(model.bytes(at, 400), ReadFixture.read(file, at, 400), "at " + at);
      }
    }
    assertArrayEquals(new byte[1 << 20], ReadFixture.read(file, 2 * GIB, 1 << 20));
  }

  @Test
  void atAndBehindTheEndNothingIsRead() throws FsException {
    FileReader file = fixture.file(Model.File.of(ReadFixture.bytes(1, 1000)));
    assertEquals(0, file.read(1000, ByteBuffer.allocate(10)));
    assertEquals(0, file.read(Long.MAX_VALUE, ByteBuffer.allocate(10)));
    assertEquals(1, file.read(999, ByteBuffer.allocate(10)));
    FsException e = assertThrows(FsException.class, () -> file.read(-1, ByteBuffer.allocate(10)));
    assertEquals(FailureKind.INVALID, e.kind());
  }

  @Test
  void nothingButTheBufferBetweenPositionAndLimitIsWritten() throws FsException {
    Model.File model = Model.File.of(ReadFixture.bytes(1, 20_000)).hole(10_000);
    FileReader file = fixture.file(model);
    ByteBuffer target = ByteBuffer.allocateDirect(300);
    target.position(100).limit(200);
    assertEquals(100, file.read(19_950, target));
    assertEquals(200, target.position());
    byte[] all = new byte[300];
    target.clear().get(all);
    byte[] expected = new byte[300];
    System.arraycopy(model.bytes(19_950, 100), 0, expected, 100, 100);
    assertArrayEquals(expected, all);
  }

  @Test
  void aFailedReadGivesNoBytes() throws FsException {
    // some of it is there without a fetch
    Model.File model =
        Model.File.of(new byte[] {1}).hole(50_000).data(ReadFixture.bytes(1, 50_000));
    FileReader file = fixture.file(model);
    fixture.store.fault(
        (key, content) -> {
          throw new FsException(FailureKind.UNAVAILABLE, "down");
        });
    ByteBuffer target = ByteBuffer.allocate(100_000);
    FsException e = assertThrows(FsException.class, () -> file.read(1, target));
    assertEquals(FailureKind.UNAVAILABLE, e.kind());
    assertEquals(0, target.position());
  }

  @Test
  void manyThreadsReadOneOpenFile() throws Exception {
    Model.File model = Model.File.of(ReadFixture.bytes(8, 3_000_000));
    FileReader file = fixture.file(model);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<?>> readers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      long seed = i;
      readers.add(
          threads.submit(
              () -> {
                assertRandomReads(file, model, seed);
                return null;
              }));
    }
    threads.shutdown();
    for (Future<?> reader : readers) {
      reader.get();
    }
  }

  @Test
  void aSequentialReadFetchesEachBlockOnce() throws FsException {
    Model.File model = Model.File.of(ReadFixture.bytes(9, 20_000_000));
    FileReader file = fixture.file(model);
    for (long at = 0; at < model.size(); at += 131_072) {
      assertArrayEquals(model.bytes(at, 131_072), ReadFixture.read(file, at, 131_072));
    }
    long stored = fixture.store.bytes();
    assertTrue(stored < model.size() * 1.05, stored + " bytes are more than once each");
  }

  @Test
  void aSequentialReaderHasTheNextBlocksLoadedAndARandomOneDoesNot() throws Exception {
    FileReader random = fixture.file(Model.File.of(ReadFixture.bytes(10, 20_000_000)));
    random.read(0, ByteBuffer.allocate(4096));
    random.read(9_000_000, ByteBuffer.allocate(4096));
    random.read(3_000_000, ByteBuffer.allocate(4096));
    int few = fixture.store.total();
    assertTrue(few <= 15, few + " fetches for three short reads");

    long before = fixture.store.bytes();
    FileReader sequential = fixture.file(Model.File.of(ReadFixture.bytes(11, 20_000_000)));
    sequential.read(0, ByteBuffer.allocate(131_072));
    sequential.read(131_072, ByteBuffer.allocate(131_072));
    fixture.awaitReadahead();
    // A megabyte comes without being read, of which a quarter may be near already.
    long ahead = fixture.store.bytes() - before;
    assertTrue(ahead > 750_000, ahead + " bytes");
  }

  @Test
  void whatASequentialReaderHasPassedIsLetGoAndTheRestIsKept() throws Exception {
    Model.File model = Model.File.of(ReadFixture.bytes(13, 20_000_000));
    FileReader file = fixture.file(model);
    for (long at = 0; at < model.size(); at += 131_072) {
      file.read(at, ByteBuffer.allocate(131_072));
      fixture.awaitReadahead();
    }
    int all = fixture.store.total();
    file.read(0, ByteBuffer.allocate(4096));
    assertTrue(fixture.store.total() > all, "the begin was let go");
    all = fixture.store.total();
    file.read(model.size() - 4096, ByteBuffer.allocate(4096));
    assertEquals(all, fixture.store.total(), "the end is still there");
  }

  @Test
  void closingStopsTheLoadingAhead() throws Exception {
    FileReader file = fixture.file(Model.File.of(ReadFixture.bytes(12, 20_000_000)));
    file.close();
    file.read(0, ByteBuffer.allocate(131_072));
    file.read(131_072, ByteBuffer.allocate(131_072));
    int own = fixture.store.total();
    fixture.awaitReadahead();
    assertEquals(own, fixture.store.total());
  }

  private static void assertRandomReads(FileReader file, Model.File model, long seed)
      throws FsException {
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      long at = (long) (random.nextDouble() * (model.size() + 10));
      int length = 1 + random.nextInt(random.nextInt(10) == 0 ? 300_000 : 8000);
      assertArrayEquals(
          model.bytes(at, length),
          ReadFixture.read(file, at, length),
          () -> "seed " + seed + ": " + length + " bytes at " + at);
    }
  }
}
