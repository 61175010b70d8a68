package io.datasetfs.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.Digest;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Utf8;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MemoryTierTest {
  private static final Digest KEY = Digest.compute(new byte[] {1});

  private final MemoryTier<byte[]> tier = new MemoryTier<>(64 << 10, block -> block.length);

  @Test
  void howeverManyAskOneLoads() throws Exception {
    AtomicInteger loads = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    byte[] value = new byte[10];
    List<Asker<byte[]>> askers = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      askers.add(
          Asker.start(
              () ->
                  tier.get(
                      KEY,
                      () -> {
                        loads.incrementAndGet();
                        await(go);
                        return value;
                      })));
    }
    awaitWaiting(askers, 16);
    go.countDown();
    for (Asker<byte[]> asker : askers) {
      assertSame(value, asker.get());
    }
    assertEquals(1, loads.get());
  }

  @Test
  void aFailureIsToldToAllWhoWaitAndIsNotKept() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    List<Asker<byte[]>> askers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      askers.add(
          Asker.start(
              () ->
                  tier.get(
                      KEY,
                      () -> {
                        await(go);
                        throw new FsException(FailureKind.UNAVAILABLE, "down");
                      })));
    }
    awaitWaiting(askers, 4);
    go.countDown();
    for (Asker<byte[]> asker : askers) {
      ExecutionException e = assertThrows(ExecutionException.class, asker::get);
      assertEquals(FailureKind.UNAVAILABLE, ((FsException) e.getCause()).kind());
    }
    assertArrayEquals(new byte[3], tier.get(KEY, () -> new byte[3]));
  }

  @Test
  void whoIsInterruptedLeavesAndTheLoadGoesOnForTheOthers() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    byte[] value = new byte[10];
    Asker<byte[]> leader =
        Asker.start(
            () ->
                tier.get(
                    KEY,
                    () -> {
                      await(go);
                      return value;
                    }));
    awaitWaiting(List.of(leader), 1);
    Asker<byte[]> leaver = Asker.start(() -> tier.get(KEY, () -> value));
    Asker<byte[]> stayer = Asker.start(() -> tier.get(KEY, () -> value));
    awaitWaiting(List.of(leaver, stayer), 2);
    leaver.interrupt();
    ExecutionException e = assertThrows(ExecutionException.class, leaver::get);
    assertEquals(FailureKind.INTERRUPTED, ((FsException) e.getCause()).kind());
    go.countDown();
    assertSame(value, stayer.get());
    assertSame(value, leader.get());
  }

  @Test
  void whenTheLoadingThreadItselfIsInterruptedAnotherOneTakesOver() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    byte[] value = new byte[10];
    Asker<byte[]> leader =
        Asker.start(
            () ->
                tier.get(
                    KEY,
                    () -> {
                      await(never);
                      return new byte[0];
                    }));
    awaitWaiting(List.of(leader), 1);
    Asker<byte[]> waiter = Asker.start(() -> tier.get(KEY, () -> value));
    awaitWaiting(List.of(waiter), 1);
    leader.interrupt();
    assertSame(value, waiter.get());
    assertThrows(ExecutionException.class, leader::get);
  }

  @Test
  void anUnexpectedFailureLeavesNobodyWaiting() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            tier.get(
                KEY,
                () -> {
                  throw new IllegalArgumentException();
                }));
    assertTrue(!tier.holds(KEY));
  }

  @Test
  void memoryIsBoundedByBytes() throws FsException {
    List<Digest> keys = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      Digest key = Digest.compute(Utf8.encode("key " + i));
      keys.add(key);
      tier.get(key, () -> new byte[1024]);
    }
    long held = keys.stream().filter(tier::holds).count();
    assertTrue(held <= 64, held + " KiB are held");
    assertTrue(held >= 32, "only " + held + " KiB are held");
  }

  @Test
  void whatIsReleasedIsLoadedAgain() throws FsException {
    tier.get(KEY, () -> new byte[1]);
    tier.release(KEY);
    assertTrue(!tier.holds(KEY));
    assertEquals(2, tier.get(KEY, () -> new byte[2]).length);
    tier.release(Digest.compute(new byte[] {9}));
  }

  @Test
  void theNewestStaysForAWhileHoweverHotTheOthersAre() throws FsException {
    for (int round = 0; round < 1000; round++) {
      for (int i = 0; i < 64; i++) {
        tier.get(Digest.compute(Utf8.encode("hot " + i)), () -> new byte[1024]);
      }
    }
    AtomicInteger loads = new AtomicInteger();
    for (int i = 0; i < 100; i++) {
      Digest key = Digest.compute(Utf8.encode("stream " + i));
      for (int use = 0; use < 20; use++) {
        tier.get(
            key,
            () -> {
              loads.incrementAndGet();
              return new byte[1024];
            });
      }
    }
    assertEquals(100, loads.get());
  }

  private static void await(CountDownLatch latch) throws FsException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FsException(FailureKind.INTERRUPTED, "interrupted", e);
    }
  }

  private static void awaitWaiting(List<Asker<byte[]>> askers, int count)
      throws InterruptedException {
    while (askers.stream().filter(Asker::isWaiting).count() < count) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  /** A thread that asks. */
  private record Asker<T>(Thread thread, Future<T> answer) {
    static <T> Asker<T> start(java.util.concurrent.Callable<T> question) {
      FutureTask<T> task = new FutureTask<>(question);
      Thread thread = new Thread(task, "asker");
      thread.start();
      return new Asker<>(thread, task);
    }

    boolean isWaiting() {
      return thread.getState() == Thread.State.WAITING;
    }

    void interrupt() {
      thread.interrupt();
    }

    T get() throws ExecutionException, InterruptedException {
      return answer.get();
    }
  }
}
