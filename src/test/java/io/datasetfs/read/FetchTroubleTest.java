package io.datasetfs.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.format.PackLayout;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.read.fetch.FetchSettings;
import io.datasetfs.store.HeldStore;
import io.datasetfs.store.Trouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What readers get of a store that is slow, down, overloaded or faulty. */
@Timeout(120)
class FetchTroubleTest extends HeldFlights {
  private static final int BLOCKS = 40;

  FetchTroubleTest() {
    super(BLOCKS, 4000);
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
    held.drain(); // it may have been tried again, just before its time was up
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
