package io.datasetfs.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.format.PackLayout;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.read.fetch.BlockFailures;
import io.datasetfs.read.fetch.Nowhere;
import io.datasetfs.read.fetch.RemoteBlocks;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemoteBlocksTest {
  private static final Logger LOG = Logger.getLogger(BlockFailures.class.getName());

  private final ReadFixture fixture = new ReadFixture(1, 1000);
  private final RemoteBlocks fetcher =
      fixture.fetcher.blocks(fixture.store, ReadFixture.DATASET, new Nowhere());
  private final byte[] content = ReadFixture.bytes(1, 5000);
  private final List<String> logged = Collections.synchronizedList(new ArrayList<>());
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          logged.add(entry.getLevel() + " " + entry.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };
  private BlockRef ref;
  private String key;

  @BeforeEach
  void storeBlock() throws FsException {
    ref = fixture.builder.storeBlock(content);
    fixture.builder.flush();
    key = PackLayout.key(ReadFixture.DATASET, ref.pack());
    LOG.setUseParentHandlers(false);
    LOG.addHandler(handler);
  }

  @AfterEach
  void stopListening() {
    LOG.removeHandler(handler);
    LOG.setUseParentHandlers(true);
    fixture.close();
  }

  @Test
  void aBlockIsFetchedAndVerified() throws FsException {
    assertArrayEquals(content, fetcher.load(ref));
    assertEquals(1, fixture.store.total());
    assertEquals(List.of(), logged);
  }

  @Test
  void aBadBlockIsFetchedOnceMore() throws FsException {
    AtomicInteger calls = new AtomicInteger();
    fixture.store.fault(
        (k, bytes) -> {
          if (calls.getAndIncrement() == 0) {
            bytes.put(100, (byte) ~bytes.get(100));
          }
          return bytes;
        });
    assertArrayEquals(content, fetcher.load(ref));
    assertEquals(2, calls.get());
    assertEquals(1, logged.size());
  }

  @Test
  void aBlockThatStaysBadIsCorruptAndTheObjectIsNamedOnceInTheLog() {
    fixture.store.memory().flipBit(key, 100);
    for (int i = 0; i < 3; i++) {
      FsException e = assertThrows(FsException.class, () -> fetcher.load(ref));
      assertEquals(FailureKind.CORRUPT, e.kind());
      assertTrue(e.getMessage().contains(key), e.getMessage());
      assertTrue(e.getMessage().contains("block at " + ref.offset()), e.getMessage());
    }
    assertEquals(6, fixture.store.total());
    assertEquals(1, logged.size());
    assertTrue(logged.get(0).startsWith("WARNING") && logged.get(0).contains(key), logged.get(0));
  }

  @Test
  void aMissingPackIsDamageAndNeverAMissingFile() {
    fixture.store.delete(key);
    FsException e = assertThrows(FsException.class, () -> fetcher.load(ref));
    assertEquals(FailureKind.CORRUPT, e.kind());
    assertTrue(e.getMessage().contains(key), e.getMessage());
    assertTrue(logged.get(0).contains(key), logged.get(0));
  }

  @Test
  void aPackThatWasCutShortIsDamage() {
    byte[] whole = fixture.store.find(key).orElseThrow().content();
    fixture.store.memory().overwrite(key, java.util.Arrays.copyOf(whole, 1000));
    FsException e = assertThrows(FsException.class, () -> fetcher.load(ref));
    assertEquals(FailureKind.CORRUPT, e.kind());
  }

  @ParameterizedTest
  @CsvSource({
    "UNAVAILABLE, UNAVAILABLE",
    "ACCESS_DENIED, IO",
    "INVALID, IO",
    "IO, IO",
    "INTERRUPTED, INTERRUPTED"
  })
  void whatTheStoreMeetsIsNoPropertyOfTheFile(FailureKind met, FailureKind told) {
    AtomicInteger calls = new AtomicInteger();
    fixture.store.fault(
        (k, bytes) -> {
          calls.incrementAndGet();
          throw new FsException(met, "no luck");
        });
    FsException e = assertThrows(FsException.class, () -> fetcher.load(ref));
    assertEquals(told, e.kind());
    assertEquals(1, calls.get());
  }

  @Test
  void aBlockOfImpossibleLengthIsNotEvenFetched() {
    BlockRef huge = new BlockRef(ref.pack(), 16, 1 << 30, 1 << 30, ref.codec(), ref.digest());
    fixture.store.fault((k, bytes) -> ByteBuffer.allocate(0));
    FsException e = assertThrows(FsException.class, () -> fetcher.load(huge));
    assertEquals(FailureKind.CORRUPT, e.kind());
    assertEquals(0, fixture.store.total());
  }
}
