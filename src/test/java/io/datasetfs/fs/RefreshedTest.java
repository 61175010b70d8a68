package io.datasetfs.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RefreshedTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(1);

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger reads = new AtomicInteger();
  private final Semaphore allowed = new Semaphore(0);
  private Refreshed<Integer> refreshed;
  private volatile boolean failing;
  private volatile Error error;

  /** Reads are numbered from 1 and each needs a permit. */
  private Refreshed<Integer> counting(Duration patience) {
    return counting(patience, patience);
  }

  private Refreshed<Integer> counting(Duration patience, Duration longPatience) {
    refreshed =
        new Refreshed<>(
            "The test",
            0,
            () -> {
              if (error != null) {
                throw error;
              }
              if (failing) {
                throw new FsException(FailureKind.UNAVAILABLE, "gone");
              }
              try {
                int number = reads.incrementAndGet();
                allowed.acquire();
                return number;
              } catch (InterruptedException e) {
                throw new FsException(FailureKind.INTERRUPTED, "interrupted", e);
              }
            },
            new Freshness(
                Duration.ofSeconds(3),
                Duration.ofSeconds(6),
                Duration.ofSeconds(3),
                HOUR,
                HOUR,
                patience,
                longPatience,
                SHORT,
                1),
            nanos::get);
    return refreshed;
  }

  @AfterEach
  void close() {
    refreshed.close();
  }

  private void pass(int seconds) {
    nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  @Test
  void whatIsNewIsNotReadAgain() {
    counting(HOUR);
    allowed.release(10);
    for (int i = 0; i < 5; i++) {
      assertEquals(1, refreshed.get());
      assertEquals(1, refreshed.getFresh());
    }
    pass(2);
    assertEquals(1, refreshed.getFresh());
  }

  @Test
  void whatIsTooOldIsWaitedFor() {
    counting(HOUR);
    allowed.release(10);
    assertEquals(1, refreshed.get());
    pass(6);
    assertEquals(2, refreshed.get());
    pass(3);
    assertEquals(3, refreshed.getFresh());
  }

  @Test
  void whatIsNotTooOldIsShownWhileItIsReadAgain() throws InterruptedException {
    counting(HOUR);
    allowed.release();
    assertEquals(1, refreshed.get());
    pass(4);
    // No permit: this would wait for an hour.
    assertEquals(1, refreshed.get());
    assertEquals(1, refreshed.get());
    allowed.release();
    while (refreshed.known() < 2) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    assertEquals(2, reads.get());
  }

  @Test
  void howeverManyAskOneReads() throws Exception {
    counting(HOUR);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    CountDownLatch started = new CountDownLatch(8);
    List<Future<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      answers.add(
          threads.submit(
              () -> {
                started.countDown();
                return refreshed.get();
              }));
    }
    started.await();
    allowed.release(8);
    for (Future<Integer> answer : answers) {
      assertEquals(1, answer.get());
    }
    assertEquals(1, reads.get());
    threads.shutdown();
  }

  @Test
  void whoWaitsForAReadingThatHangsGetsWhatIsKnown() {
    counting(SHORT);
    assertEquals(0, refreshed.get());
    for (int i = 0; i < 100; i++) {
      pass(10);
      assertEquals(0, refreshed.get());
    }
    assertTrue(reads.get() <= 1, "one reading at a time");
  }

  /** Permits a reading when somebody has had to wait for it. */
  private void releaseSoon() {
    Thread later =
        new Thread(
            () -> {
              try {
                TimeUnit.MILLISECONDS.sleep(300);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              allowed.release();
            });
    later.setDaemon(true);
    later.start();
  }

  @Test
  void theFirstReadingIsWaitedForLong() {
    counting(SHORT, HOUR);
    releaseSoon();
    assertEquals(1, refreshed.get());
  }

  @Test
  void afterAChangeOnThisMachineTheReadingIsWaitedForLong() {
    counting(SHORT, HOUR);
    allowed.release();
    assertEquals(1, refreshed.get());
    refreshed.outdate();
    releaseSoon();
    assertEquals(2, refreshed.get());
  }

  @Test
  void whoIsAboutToSayNoWaitsLong() {
    counting(SHORT, HOUR);
    allowed.release();
    assertEquals(1, refreshed.get());
    pass(3);
    assertEquals(1, refreshed.getFresh());
    releaseSoon();
    assertEquals(2, refreshed.getCertain());
  }

  @Test
  void whatIsKnownToFailIsNotWaitedFor() throws InterruptedException {
    counting(HOUR);
    allowed.release();
    assertEquals(1, refreshed.get());
    failing = true;
    pass(6);
    assertEquals(1, refreshed.getCertain());
    failing = false;
    pass(6);
    // No permit: this would wait for an hour.
    assertEquals(1, refreshed.getCertain());
    assertEquals(1, refreshed.get());
    allowed.release();
    while (refreshed.known() < 2) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  @Test
  void afterAnErrorItIsReadAgain() throws InterruptedException {
    counting(HOUR);
    allowed.release();
    assertEquals(1, refreshed.get());
    Logger log = Logger.getLogger(Refreshed.class.getName());
    log.setUseParentHandlers(false);
    error = new OutOfMemoryError("unexpected");
    pass(6);
    assertEquals(1, refreshed.getCertain());
    log.setUseParentHandlers(true);
    error = null;
    pass(6);
    assertEquals(1, refreshed.getCertain());
    allowed.release();
    while (refreshed.known() < 2) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  @Test
  void whoIsInterruptedWhileWaitingGetsWhatIsKnown() {
    counting(HOUR);
    Thread.currentThread().interrupt();
    assertEquals(0, refreshed.get());
    assertEquals(true, Thread.interrupted());
  }

  @Test
  void afterClosingWhatIsKnownIsShown() {
    counting(HOUR);
    allowed.release(10);
    assertEquals(1, refreshed.get());
    refreshed.close();
    pass(100);
    assertEquals(1, refreshed.get());
  }
}
