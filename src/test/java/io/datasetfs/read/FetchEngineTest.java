package io.datasetfs.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.cache.BlockTier;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.read.fetch.FetchSettings;
import io.datasetfs.read.fetch.Fetcher;
import io.datasetfs.store.HeldStore;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is asked of the store for what is asked of the engine; every block is 4000 bytes. */
@Timeout(120)
class FetchEngineTest extends HeldFlights {
  private static final int BLOCKS = 40;
  private static final int BYTES = 4000;

  /** Far longer than the engine waits before it hedges. */
  private static final int LANDING_MILLIS = 600;

  FetchEngineTest() {
    super(BLOCKS, BYTES);
  }

  @Test
  void howeverManyWaitForABlockItIsFetchedOnce() throws Exception {
    held.hold();
    List<FutureTask<byte[]>> readers = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      readers.add(load(3));
    }
    HeldStore.Call call = held.next();
    assertRange(3, 3, call);
    ahead(3);
    call.go();
    for (FutureTask<byte[]> reader : readers) {
      assertArrayEquals(contents.get(3), reader.get());
    }
    assertEquals(1, held.total());
  }

  @Test
  void whatIsUnderWayAheadIsJoined() throws Exception {
    held.hold();
    ahead(3);
    HeldStore.Call call = held.next();
    FutureTask<byte[]> reader = load(3);
    interest.close();
    call.go();
    assertArrayEquals(contents.get(3), reader.get());
    assertEquals(1, held.total());
  }

  @Test
  void whatAReaderWaitsForGoesBeforeWhatIsWished() throws Exception {
    with(FetchSettings.defaults().withParallel(2, 2));
    held.hold();
    ahead(0, 2, 4, 6);
    HeldStore.Call first = held.next(); // the other slot is kept for readers
    FutureTask<byte[]> reader = load(4);
    HeldStore.Call second = held.next();
    assertRange(0, 0, first);
    assertRange(4, 4, second);
    second.go();
    assertArrayEquals(contents.get(4), reader.get());
    held.release();
    first.go();
    await(fetcher::isQuiet);
    assertEquals(4, held.total());
  }

  @Test
  void neighboursComeTogether() throws Exception {
    with(FetchSettings.defaults().withParallel(2, 2));
    held.hold();
    ahead(0);
    HeldStore.Call first = held.next();
    ahead(5, 3, 2, 4, 7);
    first.go();
    HeldStore.Call second = held.next();
    assertRange(2, 5, second);
    second.go();
    HeldStore.Call third = held.next();
    assertRange(7, 7, third);
    third.go();
    await(fetcher::isQuiet);
    for (int i : new int[] {0, 2, 3, 4, 5, 7}) {
      assertArrayEquals(contents.get(i), blocks.load(refs.get(i)));
    }
    assertEquals(3, held.total());
  }

  @Test
  void aReadersBlockTakesItsWantedNeighboursAlongAndNoOthers() throws Exception {
    with(FetchSettings.defaults().withParallel(2, 2));
    held.hold();
    ahead(0);
    HeldStore.Call first = held.next();
    ahead(11, 13);
    FutureTask<byte[]> reader = load(12);
    HeldStore.Call second = held.next();
    assertRange(11, 13, second);
    FutureTask<byte[]> other = load(20);
    second.go();
    assertArrayEquals(contents.get(12), reader.get());
    HeldStore.Call third = held.next();
    assertRange(20, 20, third);
    third.go();
    first.go();
    assertArrayEquals(contents.get(20), other.get());
  }

  @Test
  void whatNobodyWishesAnyMoreIsDroppedOrInterrupted() throws Exception {
    with(FetchSettings.defaults().withParallel(2, 2));
    held.hold();
    ahead(0, 2, 4);
    HeldStore.Call call = held.next();
    FutureTask<byte[]> reader = load(4);
    HeldStore.Call readers = held.next();
    interest.close();
    call.awaitInterrupted();
    readers.go();
    assertArrayEquals(contents.get(4), reader.get());
    await(fetcher::isQuiet);
    assertEquals(2, held.total());
  }

  @Test
  void bytesUnderWayAreBounded() throws Exception {
    with(FetchSettings.defaults().withParallel(16, 16).withBytesInFlight(6 * BYTES));
    held.hold();
    List<FutureTask<byte[]>> readers = new ArrayList<>();
    for (int i = 0; i < BLOCKS; i += 2) {
      readers.add(load(i));
    }
    await(() -> held.held() == 6);
    held.release();
    for (int i = 0; i < readers.size(); i++) {
      assertArrayEquals(contents.get(2 * i), readers.get(i).get());
    }
    assertTrue(held.mostBytes() <= 6 * (BYTES + 100), held.mostBytes() + " bytes");
  }

  @Test
  void aFetchThatTakesFarLongerThanUsualIsMadeASecondTime() throws Exception {
    for (int i = 0; i < 20; i++) {
      blocks.load(refs.get(i));
    }
    held.hold();
    FutureTask<byte[]> reader = load(30);
    HeldStore.Call slow = held.next();
    HeldStore.Call second = held.next();
    assertRange(30, 30, second);
    second.go();
    assertArrayEquals(contents.get(30), reader.get());
    slow.awaitInterrupted();
    assertEquals(22, held.total());
  }

  @Test
  void whatHasAllComeIsNotFetchedASecondTime() throws Exception {
    AtomicBoolean slow = new AtomicBoolean();
    BlockTier disk =
        (BlockTier)
            Proxy.newProxyInstance(
                BlockTier.class.getClassLoader(),
                new Class<?>[] {BlockTier.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("offer") && slow.get()) {
                    Thread.sleep(LANDING_MILLIS);
                  }
                  return method.getReturnType() == boolean.class ? false : null;
                });
    BlockSource slowly = blocks(disk);
    for (int i = 0; i < 20; i++) {
      slowly.load(refs.get(i));
    }
    slow.set(true);
    List<String> said = new CopyOnWriteArrayList<>();
    Handler listener =
        new StreamHandler() {
          @Override
          public synchronized void publish(LogRecord entry) {
            said.add(entry.getMessage());
          }
        };
    Logger logger = Logger.getLogger(Fetcher.class.getPackageName());
    logger.addHandler(listener);
    try {
      assertArrayEquals(contents.get(30), slowly.load(refs.get(30)));
      await(fetcher::isQuiet);
    } finally {
      logger.removeHandler(listener);
    }
    assertEquals(List.of(), said);
    assertEquals(21, held.total());
  }

  @Test
  void whoIsInterruptedLeavesAndTheFetchEndsWithTheLast() throws Exception {
    held.hold();
    FutureTask<byte[]> task = new FutureTask<>(() -> blocks.load(refs.get(0)));
    Thread reader = new Thread(task);
    reader.start();
    HeldStore.Call call = held.next();
    reader.interrupt();
    ExecutionException e = assertThrows(ExecutionException.class, task::get);
    assertEquals(FailureKind.INTERRUPTED, ((FsException) e.getCause()).kind());
    call.awaitInterrupted();
    await(fetcher::isQuiet);
  }

  @Test
  void closingEndsEveryWait() throws Exception {
    held.hold();
    FutureTask<byte[]> reader = load(0);
    HeldStore.Call call = held.next();
    fetcher.close();
    ExecutionException e = assertThrows(ExecutionException.class, reader::get);
    assertEquals(FailureKind.INTERRUPTED, ((FsException) e.getCause()).kind());
    call.awaitInterrupted();
    assertThrows(FsException.class, () -> blocks.load(refs.get(1)));
  }
}
