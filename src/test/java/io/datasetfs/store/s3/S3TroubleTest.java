package io.datasetfs.store.s3;

import static io.datasetfs.store.Contents.pieces;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.store.Trouble;
import io.datasetfs.store.s3.S3Double.Conditions;
import io.datasetfs.store.s3.S3Double.Interception;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of calls when the server or the way to it is in trouble. */
class S3TroubleTest {
  private static final String KEY = "a/key";

  private S3Double server;
  private S3ObjectStore store;
  private S3Keys keys = S3Double.KEYS;
  private final AtomicInteger requests = new AtomicInteger();

  @BeforeEach
  void open() throws Exception {
    server = new S3Double(Conditions.ATOMIC);
    store = open(new S3Limits(4, Duration.ofSeconds(5), Duration.ofSeconds(30), attempt()));
  }

  private static Duration attempt() {
    return Duration.ofSeconds(60);
  }

  private S3ObjectStore open(S3Limits limits) throws FsException {
    return S3ObjectStore.open(
        server.settings(), new S3Credentials.Given(() -> keys), limits, new Random());
  }

  @AfterEach
  void close() {
    store.close();
    server.close();
  }

  private static FsException fails(FailureKind kind, Executable call) {
    FsException e = assertThrows(FsException.class, call);
    assertEquals(kind, e.kind(), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    assertTrue(e.getMessage().startsWith("s3://the-bucket"), e.getMessage());
    assertTrue(e.getMessage().contains("http://127.0.0.1:"), e.getMessage());
    assertFalse(e.getMessage().contains("secret-of-the-double"), e.getMessage());
    return e;
  }

  /** Answers PUTs so after it has, or has not, done them. */
  private void answerPuts(boolean done, Interception answer) {
    server.intercept(
        exchange -> {
          requests.incrementAndGet();
          if (!exchange.getRequestMethod().equals("PUT")) {
            return false;
          }
          if (done) {
            server.store(exchange);
          }
          return answer.answer(exchange);
        });
  }

  @ParameterizedTest
  @CsvSource({
    "503,SlowDown,UNAVAILABLE",
    "500,InternalError,UNAVAILABLE",
    "502,'',UNAVAILABLE",
    "400,RequestTimeout,UNAVAILABLE",
    "403,RequestTimeTooSkewed,UNAVAILABLE",
    "404,NoSuchBucket,UNAVAILABLE",
    "404,'',UNAVAILABLE",
    "404,NoSuchKey,NOT_FOUND",
    "403,AccessDenied,ACCESS_DENIED",
    "403,InvalidAccessKeyId,ACCESS_DENIED",
    "403,SignatureDoesNotMatch,ACCESS_DENIED",
    "400,ExpiredToken,ACCESS_DENIED",
    "403,QuotaExceeded,NO_SPACE",
    "301,PermanentRedirect,INVALID",
    "400,Whatever,IO",
  })
  void errorsHaveTheirKinds(int status, String code, FailureKind kind) {
    server.intercept(
        exchange -> {
          requests.incrementAndGet();
          S3Double.error(exchange, status, code);
          return true;
        });
    fails(kind, () -> store.getRange(KEY, 0, 1));
    assertEquals(1, requests.get(), "one attempt a call");
  }

  @ParameterizedTest
  @CsvSource({
    "503,SlowDown,true",
    "503,'',true",
    "429,TooManyRequests,true",
    "500,InternalError,false",
    "403,AccessDenied,false",
  })
  void overloadIsTold(int status, String code, boolean overload) {
    server.intercept(
        exchange -> {
          S3Double.error(exchange, status, code);
          return true;
        });
    FsException e = assertThrows(FsException.class, () -> store.getRange(KEY, 0, 1));
    Trouble trouble = assertInstanceOf(Trouble.class, e);
    assertEquals(overload, trouble.isOverload());
    assertFalse(trouble.isUnreachable());
  }

  @Test
  void aRefusedConnectionIsTold() {
    server.close();
    FsException e = fails(FailureKind.UNAVAILABLE, () -> store.getRange(KEY, 0, 1));
    Trouble trouble = assertInstanceOf(Trouble.class, e);
    assertTrue(trouble.isUnreachable());
    assertFalse(trouble.isOverload());
    assertTrue(trouble.atServer().startsWith("http://127.0.0.1:"), trouble.atServer());
    assertTrue(trouble.atServer().contains(": connection refused"), trouble.atServer());
  }

  @Test
  void aMissingBucketIsNotAMissingObject() {
    server.intercept(
        exchange -> {
          S3Double.error(exchange, 404, "NoSuchBucket");
          return true;
        });
    fails(FailureKind.UNAVAILABLE, () -> store.stat(KEY));
    fails(FailureKind.UNAVAILABLE, () -> store.find(KEY));
    fails(FailureKind.UNAVAILABLE, () -> store.getRange(KEY, 0, 1));
    fails(FailureKind.UNAVAILABLE, () -> store.list("", object -> {}));
    fails(FailureKind.UNAVAILABLE, () -> store.listSegments(""));
    fails(FailureKind.UNAVAILABLE, () -> store.putIfAbsent(KEY, pieces("x")));
    fails(FailureKind.UNAVAILABLE, () -> store.replaceIfMatch(KEY, "tag", pieces("x")));
    fails(FailureKind.UNAVAILABLE, () -> store.delete(KEY));
  }

  @Test
  void aBodyThatEndsEarlyIsTrouble() throws Exception {
    store.putIfAbsent(KEY, pieces(new byte[1000]));
    server.intercept(
        exchange -> {
          if (exchange.getRequestMethod().equals("GET")) {
            exchange.getResponseHeaders().set("Content-Range", "bytes 0-499/1000");
            exchange.sendResponseHeaders(206, 500);
            exchange.getResponseBody().write(new byte[100]);
            exchange.getResponseBody().flush();
            return true;
          }
          return false;
        });
    fails(FailureKind.UNAVAILABLE, () -> store.getRange(KEY, 0, 500));
    fails(FailureKind.UNAVAILABLE, () -> store.find(KEY));
  }

  @Test
  void anotherRangeIsTrouble() throws Exception {
    store.putIfAbsent(KEY, pieces(new byte[1000]));
    server.ignoreRanges();
    fails(FailureKind.UNAVAILABLE, () -> store.getRange(KEY, 10, 500));
  }

  @ParameterizedTest
  @CsvSource({"500,InternalError", "503,SlowDown", "412,PreconditionFailed", "409,Conflict"})
  void aWriteThatIsDoneIsKnownAgain(int status, String code) throws Exception {
    answerPuts(
        true,
        exchange -> {
          S3Double.error(exchange, status, code);
          return true;
        });
    String tag = store.putIfAbsent(KEY, pieces("mine")).orElseThrow();
    assertEquals(tag, store.stat(KEY).orElseThrow().entityTag());
    String next = store.replaceIfMatch(KEY, tag, pieces("mine too")).orElseThrow();
    assertEquals(next, store.stat(KEY).orElseThrow().entityTag());
  }

  @Test
  void aWriteWhoseAnswerIsLostIsKnownAgain() throws Exception {
    answerPuts(true, exchange -> true);
    String tag = store.putIfAbsent(KEY, pieces("mine")).orElseThrow();
    assertEquals(tag, store.stat(KEY).orElseThrow().entityTag());
    String next = store.replaceIfMatch(KEY, tag, pieces("mine too")).orElseThrow();
    assertEquals(next, store.stat(KEY).orElseThrow().entityTag());
  }

  @Test
  void aWriteWithoutAnswerOrTraceIsInDoubt() throws Exception {
    String tag = store.putIfAbsent("a/other", pieces("x")).orElseThrow();
    answerPuts(false, exchange -> true);
    fails(FailureKind.STATE_UNKNOWN, () -> store.putIfAbsent(KEY, pieces("mine")));
    fails(FailureKind.STATE_UNKNOWN, () -> store.replaceIfMatch("a/other", tag, pieces("mine")));
  }

  @Test
  void aWriteThatTheServerPutOffIsNotInDoubt() {
    answerPuts(
        false,
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          S3Double.error(exchange, 503, "SlowDown");
          return true;
        });
    fails(FailureKind.UNAVAILABLE, () -> store.putIfAbsent(KEY, pieces("mine")));
  }

  @Test
  void someLosersOfARaceGetAnError() throws Exception {
    String tag = store.putIfAbsent(KEY, pieces("theirs")).orElseThrow();
    answerPuts(
        false,
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          S3Double.error(exchange, 500, "InternalError");
          return true;
        });
    assertEquals(Optional.empty(), store.putIfAbsent(KEY, pieces("mine")));
    assertEquals(Optional.empty(), store.replaceIfMatch(KEY, "no-" + tag, pieces("mine")));
    fails(FailureKind.STATE_UNKNOWN, () -> store.replaceIfMatch(KEY, tag, pieces("mine")));
  }

  @Test
  void changedKeysAreUsedAtOnce() throws Exception {
    keys = new S3Keys("old", "x");
    fails(FailureKind.ACCESS_DENIED, () -> store.find(KEY));
    keys = S3Double.KEYS;
    assertEquals(Optional.empty(), store.find(KEY));
  }

  @Test
  void anInterruptEndsARequest() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    server.intercept(exchange -> stall(arrived, end));
    FutureTask<Boolean> call =
        new FutureTask<>(
            () -> {
              fails(FailureKind.INTERRUPTED, () -> store.getRange(KEY, 0, 1));
              return Thread.currentThread().isInterrupted();
            });
    Thread reader = new Thread(call, "reader");
    reader.start();
    arrived.await();
    reader.interrupt();
    assertTrue(call.get(), "and is not forgotten");
    end.countDown();
  }

  @Test
  void aRequestThatTakesTooLongEnds() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    server.intercept(exchange -> stall(new CountDownLatch(1), end));
    S3Limits limits =
        new S3Limits(4, Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMillis(200));
    try (S3ObjectStore hasty = open(limits)) {
      fails(FailureKind.UNAVAILABLE, () -> hasty.getRange(KEY, 0, 1));
    } finally {
      end.countDown();
    }
  }

  /** One connection only, which somebody has who gets no answer. */
  private S3ObjectStore occupied(Duration attempt, CountDownLatch end) throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    server.intercept(exchange -> stall(arrived, end));
    S3ObjectStore busy =
        open(new S3Limits(1, Duration.ofSeconds(60), Duration.ofSeconds(60), attempt));
    Thread first = new Thread(() -> assertThrows(FsException.class, () -> busy.find(KEY)));
    first.setDaemon(true);
    first.start();
    arrived.await();
    return busy;
  }

  @Test
  void anInterruptEndsTheWaitForAConnection() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (S3ObjectStore busy = occupied(attempt(), end)) {
      FutureTask<Boolean> call =
          new FutureTask<>(
              () -> {
                fails(FailureKind.INTERRUPTED, () -> busy.getRange(KEY, 0, 1));
                return Thread.currentThread().isInterrupted();
              });
      Thread reader = new Thread(call, "reader");
      reader.start();
      while (reader.getState() != Thread.State.TIMED_WAITING) {
        Thread.sleep(1);
      }
      reader.interrupt();
      assertTrue(call.get(), "and is not forgotten");
    } finally {
      end.countDown();
    }
  }

  @Test
  void aWaitForAConnectionThatTakesTooLongEnds() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    List<FutureTask<Void>> waiting = new ArrayList<>();
    try (S3ObjectStore busy = occupied(Duration.ofSeconds(1), end)) {
      for (int i = 0; i < 8; i++) {
        FutureTask<Void> call =
            new FutureTask<>(
                () -> fails(FailureKind.UNAVAILABLE, () -> busy.getRange(KEY, 0, 1)), null);
        new Thread(call, "reader").start();
        waiting.add(call);
      }
      for (FutureTask<Void> call : waiting) {
        call.get();
      }
    } finally {
      end.countDown();
    }
  }

  @Test
  void afterClosingNothingIsAskedAnyLonger() {
    store.close();
    fails(FailureKind.IO, () -> store.getRange(KEY, 0, 1));
    fails(FailureKind.IO, () -> store.putIfAbsent(KEY, pieces("mine")));
  }

  /** A pack is 32 MiB, and several are sent at once, perhaps over a line of a few Mbit/s. */
  @Test
  void aWriteMayTakeLongAsLongAsItGoesOn() throws Exception {
    byte[] content = new byte[48 << 20];
    server.intercept(
        exchange -> {
          if (exchange.getRequestMethod().equals("PUT")) {
            for (int left = content.length - 1; left > 0; ) {
              left -= exchange.getRequestBody().readNBytes(Math.min(left, 256 << 10)).length;
              rest();
            }
          }
          return false;
        });
    S3Limits limits =
        new S3Limits(4, Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(2));
    try (S3ObjectStore hasty = open(limits)) {
      assertTrue(hasty.putIfAbsent(KEY, pieces(content)).isPresent());
    }
  }

  private static void rest() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean stall(CountDownLatch arrived, CountDownLatch end) {
    arrived.countDown();
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return true;
  }
}
