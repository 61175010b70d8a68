package io.datasetfs.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.read.Forecast.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Streams of requests as the kernel sends them, and what is asked for ahead of them. */
class AccessPatternTest {
  private static final int KIB = 1 << 10;
  private static final long MIB = 1 << 20;
  private static final int REQUEST = 128 * KIB;
  private static final long SIZE = 2048 * MIB;

  private final AheadBudget budget = new AheadBudget(32 * MIB, 32 * MIB);

  /** Plays requests and notes what was asked for, and where the reader was then. */
  private static final class Player {
    final AccessPattern pattern;
    final List<Forecast> wishes = new ArrayList<>();
    final TreeMap<Long, Long> asked = new TreeMap<>();
    long missed;
    long total;
    int again;

    Player(AccessPattern pattern) {
      this.pattern = pattern;
    }

    void read(long offset, int length) {
      if (!isAsked(offset, offset + length)) {
        missed += length;
      }
      Forecast wish = pattern.advance(offset, length);
      if (wish == null) {
        return;
      }
      wishes.add(wish);
      for (Range range : wish.ranges()) {
        assertFalse(range.isEmpty());
        again += isAsked(range.from(), range.from() + 1) ? 1 : 0;
        total += range.to() - range.from();
        asked.merge(range.from(), range.to(), Math::max);
      }
    }

    /** A read of a program, in requests of the kernel. */
    void tiles(long offset, long length) {
      for (long at = offset; at < offset + length; at += REQUEST) {
        read(at, (int) Math.min(REQUEST, offset + length - at));
      }
    }

    boolean isAsked(long from, long to) {
      long at = from;
      while (at < to) {
        var part = asked.floorEntry(at);
        if (part == null || part.getValue() <= at) {
          return false;
        }
        at = part.getValue();
      }
      return true;
    }

    long furthest() {
      return asked.isEmpty() ? 0 : asked.lastEntry().getValue();
    }
  }

  private Player player(long size) {
    return new Player(new AccessPattern(size, new AheadBudget(32 * MIB, 32 * MIB)));
  }

  @Test
  void aSequentialReaderSoonHasTheWholeWindowAhead() {
    Player player = player(SIZE);
    for (long at = 0; at < 64 * MIB; at += REQUEST) {
      player.read(at, REQUEST);
      assertTrue(player.furthest() <= at + REQUEST + 32 * MIB, "no more than the window");
      if (at > 16 * MIB) {
        assertTrue(player.furthest() >= at + REQUEST + 16 * MIB - MIB, "half of it at least");
      }
    }
    assertTrue(player.missed <= 2 * REQUEST, player.missed + " bytes not asked for before");
    assertTrue(player.wishes.size() <= 8 + 64 / 2 + 64 / 16, "few wishes, of many blocks each");
  }

  @Test
  void everythingIsAskedForOnceAndNothingBehindTheEnd() {
    Player player = player(100 * MIB + 17);
    player.tiles(0, 100 * MIB + 17);
    assertEquals(100 * MIB + 17, player.furthest());
    assertEquals(0, player.again);
    assertTrue(player.missed <= 2 * REQUEST);
  }

  @Test
  void whatWasPassedIsLetGoOnceAndInOrder() {
    Player player = player(SIZE);
    player.tiles(0, 100 * MIB);
    long at = 0;
    for (Forecast wish : player.wishes) {
      if (!wish.passed().isEmpty()) {
        assertEquals(at, wish.passed().from());
        at = wish.passed().to();
      }
    }
    assertTrue(at >= 90 * MIB && at <= 96 * MIB, at + " bytes were let go");
  }

  @Test
  void requestsOutOfOrderAreStillASequence() {
    for (long seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      Player player = player(SIZE);
      List<Long> inFlight = new ArrayList<>();
      long sent = 0;
      while (sent < 64 * MIB) {
        // The program has to have the oldest before it goes on.
        while (inFlight.isEmpty() || sent - inFlight.get(0) < MIB / 2) {
          inFlight.add(sent);
          sent += REQUEST;
        }
        player.read(inFlight.remove(random.nextInt(inFlight.size())), REQUEST);
      }
      assertTrue(player.furthest() >= sent + 8 * MIB, "seed " + seed);
      assertTrue(player.missed <= 4 * MIB, "seed " + seed + ": " + player.missed);
      assertEquals(0, player.again, "seed " + seed);
    }
  }

  @Test
  void aBackwardReaderHasWhatIsBelowItAskedFor() {
    Player player = player(SIZE);
    for (long at = SIZE - 64 * KIB; at >= SIZE - 64 * MIB; at -= 64 * KIB) {
      player.read(at, 64 * KIB);
    }
    assertTrue(player.wishes.stream().allMatch(Forecast::backward));
    assertTrue(player.missed <= 4 * 64 * KIB, player.missed + " bytes not asked for before");
    assertTrue(player.asked.firstKey() <= SIZE - 70 * MIB);
  }

  @Test
  void piecesReadBackwardAreAskedForWhateverTheirLength() {
    for (long piece : new long[] {256 * KIB, MIB, 4 * MIB}) {
      Player player = player(SIZE);
      for (long at = SIZE - piece; at >= SIZE - 128 * MIB; at -= piece) {
        player.tiles(at, piece);
      }
      assertTrue(player.missed <= 5 * piece + MIB, piece + ": " + player.missed);
    }
  }

  @Test
  void stridedReadersGetTheirNextPiecesAndNotWhatIsBetween() {
    for (int sign : new int[] {1, -1}) {
      for (long length : new long[] {64 * KIB, 512 * KIB, 2 * MIB}) {
        for (long stride : new long[] {8 * MIB, 24 * MIB + 4096}) {
          Player player = player(SIZE);
          long first = sign > 0 ? 3 * MIB : SIZE - stride;
          for (int i = 0; i < 60; i++) {
            player.tiles(first + (long) i * sign * stride, length);
          }
          String which = length + " each " + sign * stride;
          assertTrue(player.missed <= 6 * length, which + " missed " + player.missed);
          assertTrue(player.total <= 60 * length + 64 * MIB, which + " took " + player.total);
        }
      }
    }
  }

  @Test
  void randomReadsAskForNothing() {
    for (int length : new int[] {4 * KIB, 64 * KIB, REQUEST}) {
      Player player = player(SIZE);
      Random random = new Random(length);
      for (int i = 0; i < 20_000; i++) {
        player.read(random.nextLong(1, SIZE / length) * length, length);
      }
      assertEquals(0, player.total, length + " bytes a read");
    }
  }

  @Test
  void randomReadsOfAMebibyteAskForLittleMore() {
    Player player = player(SIZE);
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      player.tiles(random.nextLong(2047) * MIB, MIB);
    }
    assertTrue(player.total <= 200 * MIB, player.total + " bytes ahead of 2000 MiB");
  }

  @Test
  void afterASeekItBeginsAnew() {
    Player player = player(SIZE);
    player.tiles(0, 16 * MIB);
    long asked = player.furthest();
    player.read(1024 * MIB, REQUEST);
    assertEquals(asked, player.furthest());
    player.tiles(1024 * MIB + REQUEST, 16 * MIB);
    assertTrue(player.furthest() >= 1044 * MIB);
  }

  @Test
  void severalSequencesAtATimeAreToldApart() {
    Player player = player(SIZE);
    long missedAtFirst = 0;
    for (int i = 0; i < 256; i++) {
      for (int reader = 0; reader < 8; reader++) {
        player.read((200L * reader * MIB) + (long) i * REQUEST, REQUEST);
      }
      missedAtFirst = i == 3 ? player.missed : missedAtFirst;
    }
    assertEquals(missedAtFirst, player.missed);
  }

  @Test
  void aLookAtTheBeginOfALargeFileAsksForNothing() {
    assertNull(new AccessPattern(SIZE, budget).advance(0, 16 * KIB));
    assertNull(new AccessPattern(3 * MIB, budget).advance(0, 16 * KIB));
    Player player = player(SIZE);
    player.tiles(0, MIB);
    assertTrue(player.furthest() <= 3 * MIB, "file(1) reads a mebibyte");
  }

  @Test
  void aSmallFileIsAskedForWhole() {
    Forecast wish = new AccessPattern(3 * MIB, budget).advance(0, REQUEST);
    assertEquals(List.of(new Range(REQUEST, 3 * MIB)), wish.ranges());
    wish = new AccessPattern(900 * KIB, budget).advance(0, 16 * KIB);
    assertEquals(List.of(new Range(16 * KIB, 900 * KIB)), wish.ranges());
    assertNull(new AccessPattern(10 * KIB, budget).advance(0, 10 * KIB));
  }

  @Test
  void manyReadersShareTheBudget() {
    List<Player> players = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      players.add(new Player(new AccessPattern(SIZE, budget)));
    }
    for (long at = 0; at < 64 * MIB; at += REQUEST) {
      for (Player player : players) {
        player.read(at, REQUEST);
      }
    }
    for (Player player : players) {
      assertTrue(player.furthest() <= 64 * MIB + 6 * MIB, "an eighth, about");
      assertTrue(player.furthest() >= 64 * MIB + MIB);
    }
  }

  @Test
  void closingEndsTheWishes() {
    AccessPattern pattern = new AccessPattern(SIZE, budget);
    pattern.advance(0, REQUEST);
    Forecast wish = pattern.advance(REQUEST, REQUEST);
    wish = wish != null ? wish : pattern.advance(MIB, REQUEST);
    assertNotNull(wish);
    assertFalse(wish.interest().isWithdrawn());
    pattern.close();
    assertTrue(wish.interest().isWithdrawn());
    assertNull(pattern.advance(2 * REQUEST, REQUEST));
  }
}
