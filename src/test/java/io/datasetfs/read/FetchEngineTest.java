package io.datasetfs.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.cache.BlockTier;
import io.datasetfs.format.PackLayout;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.read.fetch.BlockFailures;
import io.datasetfs.read.fetch.FetchSettings;
import io.datasetfs.read.fetch.Fetcher;
import io.datasetfs.store.HeldStore;
import io.datasetfs.store.Trouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is asked of the store for what is asked of the engine; every block is 4000 bytes. */
@Timeout(120)
class FetchEngineTest {
  private static final Logger LOG = Logger.getLogger(BlockFailures.class.getName());
  private static final int BLOCKS = 40;
  private static final int BYTES = 4000;

  private final ReadFixture fixture = new ReadFixture(1, 1000);
  private final HeldStore held = new HeldStore(fixture.store);
  private final List<byte[]> contents = new ArrayList<>();
  private final List<BlockRef> refs = new ArrayList<>();
  private final Interest interest = new Interest();
  private Fetcher fetcher;
  private BlockSource blocks;

  @BeforeEach
  void store() throws FsException {
    for (int i = 0; i < BLOCKS; i++) {
      contents.add(ReadFixture.bytes(i, BYTES));
      refs.add(fixture.builder.storeBlock(contents.get(i)));
    }
    fixture.builder.flush();
    LOG.setUseParentHandlers(false);
    with(FetchSettings.defaults().withParallel(8, 8));
  }

  private void with(FetchSettings settings) {
    if (fetcher != null) {
      fetcher.close();
    }
    fetcher = new Fetcher(settings);
    blocks =
        new BlockSource(
            ReadCaches.withDefaults().blocks(),
            BlockTier.NONE,
            fetcher,
            held.store(),
            ReadFixture.DATASET);
  }

  @AfterEach
  void close() {
    held.release();
    fetcher.close();
    fixture.close();
    LOG.setUseParentHandlers(true);
  }

  private FutureTask<byte[]> load(int block) {
    FutureTask<byte[]> task = new FutureTask<>(() -> blocks.load(refs.get(block)));
    Thread thread = new Thread(task, "reader of " + block);
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  private void ahead(int... numbers) {
    List<BlockRef> wanted = new ArrayList<>();
    for (int number : numbers) {
      wanted.add(refs.get(number));
    }
    blocks.ahead(wanted, interest);
  }

  private void assertRange(int first, int last, HeldStore.Call call) {
    assertEquals(refs.get(first).offset(), call.offset());
    BlockRef end = refs.get(last);
    assertEquals(end.offset() + end.storedLength() - call.offset(), call.length());
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - end < 0, "it does not come");
      Thread.sleep(1);
    }
  }

  private void assertUnavailable(FutureTask<byte[]> reader) {
    assertUnavailable(reader, "");
  }

  private void assertUnavailable(FutureTask<byte[]> reader, String why) {
    ExecutionException e = assertThrows(ExecutionException.class, reader::get);
    FsException failure = (FsException) e.getCause();
    assertEquals(FailureKind.UNAVAILABLE, failure.kind());
    String key = PackLayout.key(ReadFixture.DATASET, refs.get(0).pack());
    assertTrue(failure.getMessage().contains(key), failure.getMessage());
    assertTrue(failure.getMessage().contains(why), failure.getMessage());
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
    with(FetchSettings.defaults().withParallel(16, 16).withBytesInFlight(6 * 2 * BYTES));
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
  void aReadHasADeadlineWhateverTheStoreDoes() throws Exception {
    with(FetchSettings.defaults().withDeadline(Duration.ofMillis(300)));
    held.hold();
    FutureTask<byte[]> reader = load(0);
    HeldStore.Call call = held.next();
    assertUnavailable(reader);
    call.awaitInterrupted();
  }

  @Test
  void whileAStoreIsDownOneTryAtATimeGoesThroughUntilItIsBack() throws Exception {
    with(FetchSettings.defaults().withDeadline(Duration.ofSeconds(3)));
    held.hold();
    FutureTask<byte[]> first = load(0);
    held.next();
    assertUnavailable(first);
    FutureTask<byte[]> probe = load(1);
    assertRange(1, 1, held.next());
    for (int i = 2; i < 10; i++) {
      assertUnavailable(load(i));
    }
    for (HeldStore.Call call : held.drain()) {
      assertRange(1, 1, call);
    }
    // the try that hangs goes on hanging, and is made again
    held.holdNoMore();
    assertArrayEquals(contents.get(1), probe.get());
    assertArrayEquals(contents.get(2), load(2).get());
  }

  @Test
  void aStoreThatFailsAtOnceIsAskedEveryTimeAndHeals() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    fixture.store.fault(
        (key, content) -> {
          calls.incrementAndGet();
          throw new FsException(FailureKind.UNAVAILABLE, "down");
        });
    for (int i = 0; i < 5; i++) {
      assertUnavailable(load(i));
    }
    assertEquals(5, calls.get());
    fixture.store.fault((key, content) -> content);
    assertArrayEquals(contents.get(0), load(0).get());
  }

  @Test
  void whoHasWaitedForAFailureIsNotLetWaitForTheNext() throws Exception {
    held.hold();
    FutureTask<byte[]> first = load(0);
    HeldStore.Call call = held.next();
    Thread.sleep(1100);
    call.fail(FailureKind.UNAVAILABLE);
    assertUnavailable(first);
    // as the kernel does, which would get no answer for another while
    assertUnavailable(load(0));
    assertEquals(1, held.total());
    held.release();
    Thread.sleep(1100);
    assertArrayEquals(contents.get(0), load(0).get());
  }

  @Test
  void aBadBlockAmongManyFailsItsOwnReadersOnly() throws Exception {
    with(FetchSettings.defaults().withParallel(2, 2));
    String key = PackLayout.key(ReadFixture.DATASET, refs.get(0).pack());
    fixture.store.memory().flipBit(key, (int) refs.get(4).offset() + 99);
    held.hold();
    ahead(0);
    HeldStore.Call first = held.next();
    ahead(2, 3, 4, 5);
    first.go();
    HeldStore.Call second = held.next();
    assertRange(2, 5, second);
    FutureTask<byte[]> bad = load(4);
    FutureTask<byte[]> good = load(5);
    // all have joined when no thread is left that has not come to wait
    await(
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("reader of"))
                .allMatch(t -> t.getState() == Thread.State.TIMED_WAITING));
    second.go();
    HeldStore.Call again = held.next();
    assertRange(4, 4, again);
    assertArrayEquals(contents.get(5), good.get());
    assertArrayEquals(contents.get(2), blocks.load(refs.get(2)));
    again.go();
    ExecutionException e = assertThrows(ExecutionException.class, bad::get);
    assertEquals(FailureKind.CORRUPT, ((FsException) e.getCause()).kind());
    assertEquals(3, held.total());
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

  /** What a server in trouble is like. */
  private static final class Met extends FsException implements Trouble {
    private static final long serialVersionUID = 1L;
    private final boolean overload;

    Met(boolean overload) {
      super(FailureKind.UNAVAILABLE, "trouble");
      this.overload = overload;
    }

    @Override
    public boolean isOverload() {
      return overload;
    }

    @Override
    public boolean isUnreachable() {
      return !overload;
    }

    @Override
    public String atServer() {
      return "http://server:1: " + (overload ? "503 SlowDown" : "connection refused");
    }
  }

  @Test
  void aStoreThatSaysItIsOverloadedIsAskedForLessAtATimeAtOnce() throws Exception {
    held.hold();
    List<FutureTask<byte[]>> readers = new ArrayList<>();
    for (int i = 0; i < 32; i += 2) {
      readers.add(load(i));
    }
    List<HeldStore.Call> calls = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      calls.add(held.next());
    }
    calls.forEach(call -> call.meet(new Met(true)));
    calls.subList(0, 3).forEach(HeldStore.Call::go);
    held.next();
    await(() -> readers.stream().filter(FutureTask::isDone).count() == 3);
    Thread.sleep(50); // for another that is not to come
    assertEquals(8 + 1, held.total(), "6 at a time");
    held.release();
    calls.forEach(HeldStore.Call::go);
    for (FutureTask<byte[]> reader : readers) {
      reader.get();
    }
  }

  @Test
  void whoWaitedInVainIsToldWhatTheTriesMet() throws Exception {
    with(FetchSettings.defaults().withDeadline(Duration.ofMillis(500)));
    held.hold();
    FutureTask<byte[]> reader = load(0);
    held.next().meet(new Met(false));
    assertUnavailable(reader, "within 1 s; the last try: http://server:1: connection refused");
    FutureTask<byte[]> probe = load(2);
    held.next();
    assertUnavailable(load(4), "the last try: http://server:1: connection refused");
    assertUnavailable(probe);
  }

  @Test
  void manyReadersOfAFaultyStoreGetTheRightBytesOrAFailure() throws Exception {
    Random faults = new Random(7);
    fixture.store.fault(
        (key, content) -> {
          int choice;
          synchronized (faults) {
            choice = faults.nextInt(20);
          }
          if (choice == 0) {
            throw new FsException(FailureKind.UNAVAILABLE, "no luck");
          }
          if (choice == 1) {
            content.put(content.limit() / 2, (byte) ~content.get(content.limit() / 2));
          }
          return content;
        });
    AtomicInteger right = new AtomicInteger();
    List<FutureTask<Void>> readers = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Random random = new Random(i);
      FutureTask<Void> reader =
          new FutureTask<>(
              () -> {
                for (int step = 0; step < 1000; step++) {
                  read(random, right);
                }
                return null;
              });
      new Thread(reader, "racer").start();
      readers.add(reader);
    }
    for (FutureTask<Void> reader : readers) {
      reader.get();
    }
    assertTrue(right.get() > 9000, right + " reads");
    await(fetcher::isQuiet);
  }

  private void read(Random random, AtomicInteger right) throws FsException {
    int block = random.nextInt(BLOCKS);
    if (random.nextInt(4) == 0) {
      try (Interest wish = new Interest()) {
        blocks.ahead(refs.subList(block, Math.min(BLOCKS, block + 6)), wish);
        if (random.nextBoolean()) {
          return;
        }
      }
    }
    try {
      assertArrayEquals(contents.get(block), blocks.load(refs.get(block)));
      right.incrementAndGet();
    } catch (FsException e) {
      assertTrue(
          e.kind() == FailureKind.UNAVAILABLE || e.kind() == FailureKind.CORRUPT, e.getMessage());
    }
    if (random.nextInt(3) == 0) {
      blocks.release(refs.get(block));
    }
  }
}
