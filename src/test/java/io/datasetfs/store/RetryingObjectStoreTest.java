package io.datasetfs.store;

import static io.datasetfs.store.Contents.pieces;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.store.FaultyObjectStore.Call;
import io.datasetfs.store.FaultyObjectStore.Moment;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What is made again, and for how long. Time passes by pauses alone. */
class RetryingObjectStoreTest {
  private final AtomicLong now = new AtomicLong();
  private final List<Duration> pauses = new ArrayList<>();
  private final FaultyObjectStore faulty = new FaultyObjectStore(new MemoryObjectStore());
  private final Retries retries =
      new Retries(
          Duration.ofSeconds(10),
          new Random(1),
          now::get,
          pause -> {
            pauses.add(pause);
            now.addAndGet(pause.toNanos());
          });
  private final ObjectStore store = new RetryingObjectStore(faulty, retries);
  private String tag;

  @BeforeEach
  void fill() throws FsException {
    tag = faulty.putIfAbsent("a/b", pieces("content")).orElseThrow();
    faulty.putIfAbsent("a/c", pieces("content"));
  }

  private static FsException fails(FailureKind kind, Executable call) {
    FsException e = assertThrows(FsException.class, call);
    assertEquals(kind, e.kind());
    return e;
  }

  @Test
  void whatReadsOrDeletesIsMadeAgain() throws FsException {
    for (Call call :
        List.of(Call.GET_RANGE, Call.FIND, Call.STAT, Call.LIST, Call.LIST_SEGMENTS, Call.DELETE)) {
      faulty.failNth(call, 1, Moment.BEFORE, FailureKind.UNAVAILABLE);
      faulty.failNth(call, 2, Moment.AFTER, FailureKind.UNAVAILABLE);
    }
    assertEquals(7, store.getRange("a/b", 0, 7).remaining());
    assertTrue(store.find("a/b").isPresent());
    assertTrue(store.stat("a/b").isPresent());
    assertEquals(List.of("a"), store.listSegments(""));
    store.delete("a/c");
    assertTrue(store.find("a/c").isEmpty());
    List<String> seen = new ArrayList<>();
    store.list("", object -> seen.add(object.key()));
    assertEquals(List.of("a/b"), seen);
    assertEquals(12, pauses.size());
  }

  @Test
  void aListingThatBrokeShowsNothingTwice() throws FsException {
    faulty.failNth(Call.LIST, 1, Moment.AFTER, FailureKind.UNAVAILABLE);
    List<String> seen = new ArrayList<>();
    store.list("a/", object -> seen.add(object.key()));
    assertEquals(List.of("a/b", "a/c"), seen);
  }

  @Test
  void whatTheVisitorThrowsIsNotTrouble() {
    FsException mine = new FsException(FailureKind.UNAVAILABLE, "mine");
    FsException thrown =
        assertThrows(
            FsException.class,
            () ->
                store.list(
                    "",
                    object -> {
                      throw mine;
                    }));
    assertSame(mine, thrown);
    assertEquals(1, faulty.calls(Call.LIST));
  }

  @Test
  void aWriteIsMadeAgainUnlessItIsInDoubt() throws FsException {
    faulty.failNth(Call.REPLACE_IF_MATCH, 1, Moment.BEFORE, FailureKind.UNAVAILABLE);
    assertTrue(store.replaceIfMatch("a/b", tag, pieces("next")).isPresent());
    faulty.failNth(Call.PUT_IF_ABSENT, 1, Moment.AFTER, FailureKind.STATE_UNKNOWN);
    fails(FailureKind.STATE_UNKNOWN, () -> store.putIfAbsent("new", pieces("x")));
    assertEquals(3, faulty.calls(Call.PUT_IF_ABSENT));
    assertEquals(1, pauses.size());
  }

  @Test
  void whoAsksIsToldOfEveryTryThatIsMadeAgain() throws FsException {
    faulty.failNth(Call.GET_RANGE, 1, Moment.BEFORE, FailureKind.UNAVAILABLE);
    faulty.failNth(Call.GET_RANGE, 2, Moment.BEFORE, FailureKind.UNAVAILABLE);
    List<FsException> met = new ArrayList<>();
    List<String> parts = new ArrayList<>();
    store.getParts("a/b", 0, List.of(3, 4), new Listener(parts, met));
    assertEquals(2, parts.size());
    assertEquals(2, met.size());
    assertEquals(FailureKind.UNAVAILABLE, met.get(0).kind());
  }

  private record Listener(List<String> parts, List<FsException> troubles) implements PartSink {
    @Override
    public void take(ByteBuffer part) {
      parts.add(StandardCharsets.US_ASCII.decode(part).toString());
    }

    @Override
    public void met(FsException failure) {
      troubles.add(failure);
    }
  }

  @Test
  void partsThatCameAreNotAskedForAgain() throws FsException {
    MemoryObjectStore whole = new MemoryObjectStore();
    whole.putIfAbsent("parts", pieces("abcdefghij"));
    List<String> asked = new ArrayList<>();
    ObjectStore cut =
        (ObjectStore)
            Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(),
                new Class<?>[] {ObjectStore.class},
                (proxy, method, arguments) -> {
                  asked.add(arguments[1] + " " + arguments[2]);
                  PartSink sink = (PartSink) arguments[3];
                  sink.take(whole.getRange("parts", (long) arguments[1], 2));
                  if (((List<?>) arguments[2]).size() > 1) {
                    throw new FsException(FailureKind.UNAVAILABLE, "cut off");
                  }
                  return null;
                });
    List<String> parts = new ArrayList<>();
    new RetryingObjectStore(cut, retries)
        .getParts("parts", 4, List.of(2, 2, 2), new Listener(parts, new ArrayList<>()));
    assertEquals(List.of("ef", "gh", "ij"), parts);
    assertEquals(List.of("4 [2, 2, 2]", "6 [2, 2]", "8 [2]"), asked);
  }

  @Test
  void whatCameMakesTheTimeThatIsBorneBeginAnew() throws FsException {
    MemoryObjectStore whole = new MemoryObjectStore();
    whole.putIfAbsent("parts", pieces("abcdefghij"));
    ObjectStore slow =
        (ObjectStore)
            Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(),
                new Class<?>[] {ObjectStore.class},
                (proxy, method, arguments) -> {
                  long offset = (long) arguments[1];
                  now.addAndGet(Duration.ofSeconds(60).toNanos());
                  ((PartSink) arguments[3]).take(whole.getRange("parts", offset, 2));
                  throw new FsException(FailureKind.UNAVAILABLE, "reset");
                });
    List<String> parts = new ArrayList<>();
    new RetryingObjectStore(slow, retries)
        .getParts("parts", 0, List.of(2, 2, 2), new Listener(parts, new ArrayList<>()));
    assertEquals(List.of("ab", "cd", "ef"), parts);
  }

  @Test
  void whatTheTakerOfPartsThrowsIsNotTheStoresTrouble() {
    FsException mine = new FsException(FailureKind.UNAVAILABLE, "mine");
    FsException thrown =
        assertThrows(
            FsException.class,
            () ->
                store.getParts(
                    "a/b",
                    0,
                    List.of(3, 4),
                    part -> {
                      throw mine;
                    }));
    assertSame(mine, thrown);
    assertEquals(1, faulty.calls(Call.GET_RANGE));
  }

  @Test
  void lastingTroubleEnds() {
    faulty.failAll(Call.FIND, Moment.BEFORE, FailureKind.UNAVAILABLE);
    fails(FailureKind.UNAVAILABLE, () -> store.find("a/b"));
    assertTrue(now.get() <= Duration.ofSeconds(10).toNanos());
    assertTrue(now.get() > Duration.ofSeconds(7).toNanos(), "it has tried to the end");
    assertTrue(pauses.get(0).compareTo(Duration.ofMillis(50)) <= 0);
    assertTrue(pauses.get(9).compareTo(Duration.ofSeconds(2)) <= 0);
  }

  private static final class Unreachable extends FsException implements Trouble {
    private static final long serialVersionUID = 1L;

    Unreachable() {
      super(FailureKind.UNAVAILABLE, "connection refused");
    }

    @Override
    public boolean isOverload() {
      return false;
    }

    @Override
    public boolean isUnreachable() {
      return true;
    }

    @Override
    public String atServer() {
      return getMessage();
    }
  }

  @Test
  void whoIsImpatientDoesNotWaitLongForAServerThatIsNotThere() {
    ObjectStore gone =
        (ObjectStore)
            Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(),
                new Class<?>[] {ObjectStore.class},
                (proxy, method, arguments) -> {
                  throw new Unreachable();
                });
    ObjectStore patient = new RetryingObjectStore(gone, retries);
    fails(FailureKind.UNAVAILABLE, () -> patient.impatient().find("a/b"));
    assertTrue(now.get() <= Duration.ofSeconds(3).toNanos(), pauses.toString());
    assertTrue(pauses.size() > 2, pauses.toString());
    now.set(0);
    fails(FailureKind.UNAVAILABLE, () -> patient.find("a/b"));
    assertTrue(now.get() > Duration.ofSeconds(7).toNanos(), "others do");
    now.set(0);
    faulty.failAll(Call.FIND, Moment.BEFORE, FailureKind.UNAVAILABLE);
    fails(FailureKind.UNAVAILABLE, () -> store.impatient().find("a/b"));
    assertTrue(now.get() > Duration.ofSeconds(7).toNanos(), "and for one that is");
  }

  @Test
  void otherFailuresAreNotMadeAgain() {
    for (FailureKind kind : FailureKind.values()) {
      if (kind != FailureKind.UNAVAILABLE) {
        faulty.failNth(Call.FIND, 1, Moment.BEFORE, kind);
        fails(kind, () -> store.find("a/b"));
      }
    }
    assertEquals(List.of(), pauses);
  }

  @Test
  void anInterruptEndsAPause() {
    ObjectStore interrupted =
        new RetryingObjectStore(
            faulty,
            new Retries(
                Duration.ofSeconds(10),
                new Random(1),
                now::get,
                pause -> {
                  throw new InterruptedException();
                }));
    faulty.failAll(Call.FIND, Moment.BEFORE, FailureKind.UNAVAILABLE);
    fails(FailureKind.INTERRUPTED, () -> interrupted.find("a/b"));
    assertTrue(Thread.interrupted(), "and is not forgotten");
  }
}
