package io.datasetfs.store;

import static io.datasetfs.store.Contents.pieces;
import static io.datasetfs.store.Contents.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The part of the contract's tests in which threads race. */
abstract class ObjectStoreRaces {
  private static final int LARGE = 17 * 1024 * 1024 + 13;
  private static final String KEY = "datasets/dst364npcw6ccok/dataset.json";

  /** Two views of one store. */
  ObjectStore store;

  /** The second of them. */
  ObjectStore other;

  /** Opens the store under test, empty; {@code again} opens what is open already once more. */
  protected abstract ObjectStore open(boolean again) throws Exception;

  @BeforeEach
  final void openStores() throws Exception {
    store = open(false);
    other = open(true);
  }

  @AfterEach
  final void closeStores() {
    other.close();
    store.close();
  }

  @Test
  void oneOfManyRacersTakesAKey() throws Exception {
    for (int round = 0; round < 20; round++) {
      String key = "race/" + round + "/object";
      List<Optional<String>> results =
          Racers.race(
              8,
              number ->
                  (number % 2 == 0 ? store : other).putIfAbsent(key, pieces("racer " + number)));
      List<Integer> winners = new ArrayList<>();
      for (int i = 0; i < results.size(); i++) {
        if (results.get(i).isPresent()) {
          winners.add(i);
        }
      }
      assertEquals(1, winners.size());
      assertEquals("racer " + winners.get(0), text(store.find(key).orElseThrow()));
    }
  }

  @Test
  void noIncrementOfARacedCounterIsLost() throws Exception {
    store.putIfAbsent(KEY, pieces("0"));
    Racers.race(
        8,
        number -> {
          for (int i = 0; i < 25; i++) {
            increment(number % 2 == 0 ? store : other, KEY);
          }
          return null;
        });
    assertEquals("200", text(store.find(KEY).orElseThrow()));
  }

  /** Adds one to a number by compare-and-swap, however often that takes. */
  protected static void increment(ObjectStore store, String key) throws FsException {
    while (true) {
      StoredObject seen = store.find(key).orElseThrow();
      String next = Integer.toString(Integer.parseInt(text(seen)) + 1);
      if (store.replaceIfMatch(key, seen.entityTag(), pieces(next)).isPresent()) {
        return;
      }
    }
  }

  @Test
  void anObjectThatIsPutAndDeletedHasOneOwnerAtATime() throws Exception {
    AtomicInteger owners = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Racers.race(
        6,
        number -> {
          ObjectStore mine = number % 2 == 0 ? store : other;
          for (int owned = 0; owned < 10; ) {
            if (mine.putIfAbsent("lease/of/all", pieces("racer " + number)).isPresent()) {
              most.accumulateAndGet(owners.incrementAndGet(), Math::max);
              assertEquals("racer " + number, text(mine.find("lease/of/all").orElseThrow()));
              owners.decrementAndGet();
              mine.delete("lease/of/all");
              owned++;
            }
          }
          return null;
        });
    assertEquals(1, most.get());
    assertTrue(store.find("lease/of/all").isEmpty());
  }

  @Test
  void aReplacementDoesNotUndoADeletion() throws Exception {
    for (int round = 0; round < 30; round++) {
      String tag = store.putIfAbsent(KEY, pieces("round " + round)).orElseThrow();
      Racers.race(
          2,
          number ->
              number == 0
                  ? store.delete(KEY)
                  : other.replaceIfMatch(KEY, tag, pieces("replaced")).isPresent());
      assertTrue(store.find(KEY).isEmpty());
    }
  }

  @Test
  void anObjectThatIsBeingPutIsNotSeenInPart() throws Exception {
    byte[] content = filled(LARGE, 1);
    for (int round = 0; round < 5; round++) {
      String key = "packs/" + round;
      Racers.race(
          2,
          number -> {
            if (number == 0) {
              return store.putIfAbsent(key, pieces(content));
            }
            Optional<StoredObject> seen = other.find(key);
            while (seen.isEmpty()) {
              seen = other.find(key);
            }
            assertArrayEquals(content, seen.get().content());
            return Optional.empty();
          });
    }
  }

  @Test
  void aReplacedObjectIsReadWhole() throws Exception {
    int size = 300_000;
    String[] tag = {store.putIfAbsent(KEY, pieces(filled(size, 0))).orElseThrow()};
    Racers.race(
        3,
        number -> {
          for (int i = 1; i <= 30; i++) {
            if (number == 0) {
              tag[0] = store.replaceIfMatch(KEY, tag[0], pieces(filled(size, i))).orElseThrow();
            } else {
              byte[] seen = other.find(KEY).orElseThrow().content();
              assertArrayEquals(filled(size, seen[0]), seen);
            }
          }
          return null;
        });
  }

  private static byte[] filled(int size, int value) {
    byte[] content = new byte[size];
    Arrays.fill(content, (byte) value);
    return content;
  }
}
