package io.datasetfs.store;

import static io.datasetfs.store.Contents.bytes;
import static io.datasetfs.store.Contents.pieces;
import static io.datasetfs.store.Contents.random;
import static io.datasetfs.store.Contents.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store promises, as tests that every store's own test class inherits. */
public abstract class ObjectStoreContractTest extends ObjectStoreRaces {
  /** Larger than what any store treats as small. */
  private static final int LARGE = 17 * 1024 * 1024 + 13;

  private static final String KEY = "datasets/dst364npcw6ccok/dataset.json";

  @Test
  void whatIsPutInPiecesIsReadWhole() throws Exception {
    byte[] content = random(1, LARGE);
    ByteBuffer direct = ByteBuffer.allocateDirect(1_000_003);
    direct.put(content, 1_000_000, 1_000_003).flip();
    List<ByteBuffer> pieces =
        List.of(
            ByteBuffer.wrap(content, 0, 1_000_000),
            direct.asReadOnlyBuffer(),
            ByteBuffer.allocate(0),
            ByteBuffer.wrap(content, 2_000_003, 7).slice(),
            ByteBuffer.wrap(content, 2_000_010, LARGE - 2_000_010));
    List<Integer> positions = pieces.stream().map(ByteBuffer::position).toList();
    List<Integer> limits = pieces.stream().map(ByteBuffer::limit).toList();

    assertTrue(store.putIfAbsent("packs/0a/large", pieces).isPresent());

    assertEquals(positions, pieces.stream().map(ByteBuffer::position).toList());
    assertEquals(limits, pieces.stream().map(ByteBuffer::limit).toList());
    assertArrayEquals(content, other.find("packs/0a/large").orElseThrow().content());
    assertEquals(LARGE, other.stat("packs/0a/large").orElseThrow().size());
  }

  @Test
  void replacingLeavesThePiecesAsTheyAre() throws Exception {
    String tag = store.putIfAbsent(KEY, pieces("one")).orElseThrow();
    ByteBuffer piece = ByteBuffer.wrap(random(2, 100), 10, 20);

    assertTrue(store.replaceIfMatch(KEY, tag, List.of(piece)).isPresent());

    assertEquals(10, piece.position());
    assertEquals(30, piece.limit());
    assertArrayEquals(bytes(piece), store.find(KEY).orElseThrow().content());
  }

  @Test
  void emptyObjectsAreObjects() throws Exception {
    assertTrue(store.putIfAbsent("empty", List.of()).isPresent());
    assertTrue(store.putIfAbsent("empty", pieces("x")).isEmpty());
    assertEquals(0, store.find("empty").orElseThrow().content().length);
    assertEquals(0, store.stat("empty").orElseThrow().size());
    assertEquals(0, store.getRange("empty", 0, 0).remaining());
    assertEquals(Set.of("empty"), keys(""));
  }

  @Test
  void rangesAreExact() throws Exception {
    byte[] content = random(3, 3_000_000);
    store.putIfAbsent("a/pack", pieces(content));
    int[][] ranges = {
      {0, 3_000_000}, {0, 1}, {2_999_999, 1}, {4096, 4096}, {123_457, 1_048_576}, {3_000_000, 0}
    };
    for (int[] range : ranges) {
      ByteBuffer buffer = store.getRange("a/pack", range[0], range[1]);
      assertTrue(buffer.hasArray());
      assertArrayEquals(Arrays.copyOfRange(content, range[0], range[0] + range[1]), bytes(buffer));
      buffer.put(new byte[buffer.remaining()]); // ours: the next reader does not see it
    }
    assertArrayEquals(content, bytes(store.getRange("a/pack", 0, content.length)));
  }

  @Test
  void partsComeInOrderAndAreTheTakers() throws Exception {
    byte[] content = random(5, 3_000_000);
    store.putIfAbsent("a/pack", pieces(content));
    List<byte[]> parts = new ArrayList<>();
    store.getParts(
        "a/pack",
        77,
        List.of(1, 1_500_000, 0, 1_000_000),
        part -> {
          assertTrue(part.hasArray());
          parts.add(bytes(part.duplicate()));
        });
    assertEquals(4, parts.size());
    assertArrayEquals(Arrays.copyOfRange(content, 77, 78), parts.get(0));
    assertArrayEquals(Arrays.copyOfRange(content, 78, 1_500_078), parts.get(1));
    assertEquals(0, parts.get(2).length);
    assertArrayEquals(Arrays.copyOfRange(content, 1_500_078, 2_500_078), parts.get(3));
  }

  @Test
  void whoTakesPartsMayStop() throws Exception {
    store.putIfAbsent("pack", pieces(random(6, 1_000_000)));
    FsException enough = new FsException(FailureKind.BUSY, "enough");
    List<Integer> sizes = new ArrayList<>();
    FsException thrown =
        assertThrows(
            FsException.class,
            () ->
                store.getParts(
                    "pack",
                    0,
                    List.of(10, 20, 999_970),
                    part -> {
                      sizes.add(part.remaining());
                      if (sizes.size() == 2) {
                        throw enough;
                      }
                    }));
    assertSame(enough, thrown);
    assertEquals(List.of(10, 20), sizes);
    assertEquals(5, store.getRange("pack", 0, 5).remaining());
  }

  @Test
  void partsBeyondTheEndAreCorrupt() throws Exception {
    store.putIfAbsent("pack", pieces(random(4, 1000)));
    List<Integer> lengths = List.of(600, 401);
    for (String key : List.of("pack", "none")) {
      assertFails(
          key.equals("pack") ? FailureKind.CORRUPT : FailureKind.NOT_FOUND,
          () -> {
            store.getParts(key, 0, lengths, part -> {});
            return key;
          });
    }
  }

  @Test
  void rangesBeyondTheEndAreCorrupt() throws Exception {
    store.putIfAbsent("pack", pieces(random(4, 1000)));
    assertFails(FailureKind.CORRUPT, () -> store.getRange("pack", 0, 1001));
    assertFails(FailureKind.CORRUPT, () -> store.getRange("pack", 999, 2));
    assertFails(FailureKind.CORRUPT, () -> store.getRange("pack", 1000, 1));
    assertFails(FailureKind.CORRUPT, () -> store.getRange("pack", 5_000_000_000L, 10));
    assertFails(FailureKind.CORRUPT, () -> store.getRange("pack", Long.MAX_VALUE, 10));
  }

  @Test
  void negativeRangesAreMistakes() throws Exception {
    store.putIfAbsent("pack", pieces("x"));
    assertThrows(IllegalArgumentException.class, () -> store.getRange("pack", -1, 1));
    assertThrows(IllegalArgumentException.class, () -> store.getRange("pack", 0, -1));
  }

  @Test
  void whatIsMissingIsMissing() throws Exception {
    store.putIfAbsent("a/b/c", pieces("x"));
    for (String key : List.of("nothing", "a/nothing", "a/b", "a/b/c/d", "x/y/z")) {
      assertFails(FailureKind.NOT_FOUND, () -> store.getRange(key, 0, 1));
      assertFails(FailureKind.NOT_FOUND, () -> store.getRange(key, 0, 0));
      assertEquals(Optional.empty(), store.find(key).map(StoredObject::entityTag));
      assertEquals(Optional.empty(), store.stat(key));
      assertEquals(Optional.empty(), store.replaceIfMatch(key, "tag", pieces("y")));
      assertEquals(Optional.empty(), store.find(key).map(StoredObject::entityTag));
      store.delete(key);
    }
    assertEquals("x", text(store.find("a/b/c").orElseThrow()));
  }

  @Test
  void aKeyIsTakenOnce() throws Exception {
    assertTrue(store.putIfAbsent(KEY, pieces("first")).isPresent());
    assertTrue(other.putIfAbsent(KEY, pieces("second")).isEmpty());
    assertTrue(store.putIfAbsent(KEY, pieces("first")).isEmpty());
    assertEquals("first", text(other.find(KEY).orElseThrow()));
  }

  @Test
  void onlyTheKnownObjectIsReplaced() throws Exception {
    String first = store.putIfAbsent(KEY, pieces("first")).orElseThrow();
    String second = other.replaceIfMatch(KEY, first, pieces("second")).orElseThrow();
    assertNotEquals(first, second);
    assertTrue(store.replaceIfMatch(KEY, first, pieces("lost update")).isEmpty());
    assertTrue(store.replaceIfMatch(KEY, "no such tag", pieces("lost update")).isEmpty());
    assertEquals("second", text(store.find(KEY).orElseThrow()));
    assertTrue(store.replaceIfMatch(KEY, second, pieces("")).isPresent());
    assertEquals("", text(other.find(KEY).orElseThrow()));
  }

  @Test
  void aDeletedObjectIsNotReplaced() throws Exception {
    String tag = store.putIfAbsent(KEY, pieces("x")).orElseThrow();
    assertTrue(store.delete(KEY));
    assertTrue(store.replaceIfMatch(KEY, tag, pieces("y")).isEmpty());
    assertTrue(store.find(KEY).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1000, LARGE})
  void allWaysAgreeOnTheEntityTag(int size) throws Exception {
    String first = store.putIfAbsent(KEY, pieces(random(5, size))).orElseThrow();
    assertEquals(first, store.find(KEY).orElseThrow().entityTag());
    assertEquals(first, other.stat(KEY).orElseThrow().entityTag());

    byte[] changed = random(6, size + 1);
    String second = store.replaceIfMatch(KEY, first, pieces(changed)).orElseThrow();
    assertNotEquals(first, second);
    assertEquals(second, other.find(KEY).orElseThrow().entityTag());
    assertEquals(second, store.stat(KEY).orElseThrow().entityTag());

    changed[size] ^= 1; // same size
    String third = other.replaceIfMatch(KEY, second, pieces(changed)).orElseThrow();
    assertNotEquals(second, third);
    assertEquals(third, store.stat(KEY).orElseThrow().entityTag());
    list(store, "")
        .forEach(stat -> assertTrue(stat.entityTag().isEmpty() || stat.entityTag().equals(third)));
  }

  @Test
  void deletingTellsWhatItCan() throws Exception {
    store.putIfAbsent("a/b", pieces("x"));
    store.putIfAbsent("a/c", pieces("x"));
    assertTrue(other.delete("a/b"));
    store.delete("a/b"); // a store that can't tell says true
    assertTrue(store.find("a/b").isEmpty());
    assertEquals(Set.of("a/c"), keys(""));
    assertTrue(store.putIfAbsent("a/b", pieces("again")).isPresent());
    assertEquals("again", text(other.find("a/b").orElseThrow()));
  }

  @Test
  void listingsHoldWhatBeginsWithThePrefix() throws Exception {
    for (String key : List.of("a/b/1", "a/b/2", "a/bc/3", "a/b-c/4", "a/5", "ab/6", "b", "ab.7")) {
      store.putIfAbsent(key, pieces(key));
    }
    assertEquals(
        Set.of("a/b/1", "a/b/2", "a/bc/3", "a/b-c/4", "a/5", "ab/6", "b", "ab.7"), keys(""));
    assertEquals(Set.of("a/b/1", "a/b/2"), keys("a/b/"));
    assertEquals(Set.of("a/b/1", "a/b/2", "a/bc/3", "a/b-c/4", "a/5"), keys("a/"));
    assertEquals(Set.of(), keys("b/"));
    assertEquals(Set.of(), keys("nothing/here/"));
    list(other, "").forEach(stat -> assertEquals(stat.key().length(), stat.size()));
  }

  @Test
  void segmentsAreThoseOfObjects() throws Exception {
    for (String key : List.of("a/b/1", "a/b/2", "a/bc/d/3", "a/5", "ab/6", "b")) {
      store.putIfAbsent(key, pieces(key));
    }
    assertEquals(List.of("a", "ab"), other.listSegments(""));
    assertEquals(List.of("b", "bc"), other.listSegments("a/"));
    assertEquals(List.of(), other.listSegments("a/b/"));
    assertEquals(List.of(), other.listSegments("b/"));
    assertEquals(List.of(), other.listSegments("nothing/"));
    store.delete("a/bc/d/3");
    assertEquals(List.of("b"), other.listSegments("a/"));
  }

  @Test
  void longListingsAreComplete() throws Exception {
    Set<String> expected = new TreeSet<>();
    Set<String> segments = new TreeSet<>();
    for (int i = 0; i < 1205; i++) {
      String segment = "s" + i;
      segments.add(segment);
      expected.add("many/" + segment + "/o");
      store.putIfAbsent("many/" + segment + "/o", pieces("x"));
    }
    assertEquals(expected, keys("many/"));
    assertEquals(List.copyOf(segments), store.listSegments("many/"));
  }

  @Test
  void aVisitorEndsTheListing() throws Exception {
    store.putIfAbsent("a", pieces("x"));
    store.putIfAbsent("b", pieces("x"));
    FsException enough = new FsException(FailureKind.BUSY, "enough");
    AtomicInteger visited = new AtomicInteger();
    FsException thrown =
        assertThrows(
            FsException.class,
            () ->
                store.list(
                    "",
                    object -> {
                      visited.incrementAndGet();
                      throw enough;
                    }));
    assertSame(enough, thrown);
    assertEquals(1, visited.get());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "/", "/a", "a/", "a//b", ".", "..", "a/../b", "a/.b", ".a", "a b", "ä", "a\\b", "a\0",
        "a:b", "tmp", "tmp/a", "locks/a"
      })
  void malformedKeysAreMistakes(String key) {
    assertThrows(IllegalArgumentException.class, () -> store.getRange(key, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> store.find(key));
    assertThrows(IllegalArgumentException.class, () -> store.stat(key));
    assertThrows(IllegalArgumentException.class, () -> store.putIfAbsent(key, pieces("x")));
    assertThrows(IllegalArgumentException.class, () -> store.replaceIfMatch(key, "t", pieces("x")));
    assertThrows(IllegalArgumentException.class, () -> store.delete(key));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "a", "a/b", "/a/", "../", "a//", ".a/", "tmp/"})
  void malformedPrefixesAreMistakes(String prefix) {
    assertThrows(IllegalArgumentException.class, () -> store.list(prefix, object -> {}));
    assertThrows(IllegalArgumentException.class, () -> store.listSegments(prefix));
  }

  @Test
  void theLongestKeysWork() throws Exception {
    String segment = "s".repeat(200);
    String key = String.join("/", segment, segment, segment, segment, segment, "t".repeat(19));
    assertEquals(1024, key.length());
    assertTrue(store.putIfAbsent(key, pieces("x")).isPresent());
    assertEquals(Set.of(key), keys(""));
    assertThrows(IllegalArgumentException.class, () -> store.find(key + "t"));
    assertThrows(IllegalArgumentException.class, () -> store.find(segment + "s"));
  }

  @Test
  void theStoreSaysWhereItIsAndHowLarge() {
    assertFalse(store.location().isBlank());
    store
        .space()
        .ifPresent(
            space -> assertTrue(0 <= space.available() && space.available() <= space.total()));
  }

  private Set<String> keys(String prefix) throws FsException {
    Set<String> keys = new TreeSet<>();
    for (ObjectStat stat : list(other, prefix)) {
      assertTrue(keys.add(stat.key()), stat.key() + " is listed twice");
    }
    return keys;
  }

  private static List<ObjectStat> list(ObjectStore store, String prefix) throws FsException {
    List<ObjectStat> objects = new ArrayList<>();
    store.list(prefix, objects::add);
    return objects;
  }

  /** A call that should fail. */
  @FunctionalInterface
  protected interface Attempt {
    Object run() throws FsException;
  }

  /** Asserts that a call fails in this way, with a message of one line. */
  protected static FsException assertFails(FailureKind kind, Attempt attempt) {
    FsException failure = assertThrows(FsException.class, attempt::run);
    assertEquals(kind, failure.kind(), failure.getMessage());
    assertFalse(failure.getMessage().contains("\n"), failure.getMessage());
    return failure;
  }
}
