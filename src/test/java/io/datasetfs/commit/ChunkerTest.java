package io.datasetfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Where large files are cut. */
final class ChunkerTest {
  private static byte[] random(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static List<Integer> cuts(byte[] bytes) {
    List<Integer> cuts = new ArrayList<>();
    int at = 0;
    while (at < bytes.length) {
      at += Chunker.next(bytes, at, bytes.length);
      cuts.add(at);
    }
    return cuts;
  }

  @Test
  void chunksKeepTheirBounds() {
    long sum = 0;
    int count = 0;
    for (int seed = 0; seed < 5; seed++) {
      byte[] bytes = random(seed, 20_000_000);
      int before = 0;
      for (int cut : cuts(bytes)) {
        int length = cut - before;
        assertTrue(length <= Chunker.MAX, () -> "a chunk of " + length);
        assertTrue(length > Chunker.MIN || cut == bytes.length, () -> "a chunk of " + length);
        before = cut;
        sum += length;
        count++;
      }
      assertEquals(bytes.length, before);
    }
    long average = sum / count;
    assertTrue(average > 400_000 && average < 700_000, () -> "the average is " + average);
  }

  /** Where cuts fall decides what later versions share with those that are stored already. */
  @Test
  void cutsAreWhereTheyHaveAlwaysBeen() {
    assertEquals(GOLDEN, cuts(random(42, 5_000_000)));
  }

  private static final List<Integer> GOLDEN =
      List.of(526131, 927896, 1582820, 2196674, 3040485, 3882173, 4767947, 5000000);

  @Test
  void zerosAreCutAtTheMost() {
    assertEquals(
        List.of(Chunker.MAX, 2 * Chunker.MAX, 2 * Chunker.MAX + 5),
        cuts(new byte[2 * Chunker.MAX + 5]));
  }

  @Test
  void anInsertedByteMovesFewCuts() {
    byte[] bytes = random(3, 50_000_000);
    List<Integer> before = cuts(bytes);
    for (int at : new int[] {0, 1, 1000, 300_000, 20_000_000, 49_999_999}) {
      byte[] longer = new byte[bytes.length + 1];
      System.arraycopy(bytes, 0, longer, 0, at);
      longer[at] = 77;
      System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
      Set<Integer> moved = new HashSet<>();
      for (int cut : cuts(longer)) {
        moved.add(cut > at ? cut - 1 : cut);
      }
      long lost = before.stream().filter(cut -> !moved.contains(cut)).count();
      assertTrue(lost <= 8, () -> lost + " of " + before.size() + " cuts moved");
    }
  }

  @Test
  void whatWasReadBeforeDoesNotMatter() {
    byte[] bytes = random(4, 4_000_000);
    byte[] shifted = new byte[bytes.length + 12345];
    System.arraycopy(bytes, 0, shifted, 12345, bytes.length);
    assertEquals(
        Chunker.next(bytes, 0, bytes.length), Chunker.next(shifted, 12345, shifted.length));
  }

  @Test
  void shortRestsAreOneChunk() {
    byte[] bytes = random(5, Chunker.MIN);
    for (int length : new int[] {0, 1, 63, 64, 65, Chunker.MIN - 1, Chunker.MIN}) {
      assertEquals(length, Chunker.next(bytes, 0, length));
    }
  }
}
