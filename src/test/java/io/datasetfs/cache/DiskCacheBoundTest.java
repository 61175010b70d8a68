package io.datasetfs.cache;

import static io.datasetfs.cache.Blocks.LENGTH;
import static io.datasetfs.cache.Blocks.MIB;
import static io.datasetfs.cache.Blocks.await;
import static io.datasetfs.cache.Blocks.content;
import static io.datasetfs.cache.Blocks.has;
import static io.datasetfs.cache.Blocks.keep;
import static io.datasetfs.cache.Blocks.ref;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much the disk cache takes, and what it lets go. */
class DiskCacheBoundTest {
  private static final long BOUND = 32 * MIB;
  private static final int FITTING = (int) (BOUND * 9 / 10 / LENGTH);

  @TempDir Path directory;
  private final Ticking clock = new Ticking();

  private DiskCache open() {
    return new DiskCache(Blocks.settings(directory, BOUND), clock);
  }

  @Test
  @Tag("promise-21")
  void theBoundHoldsUnderEightWriters() throws Exception {
    int count = (int) (4 * BOUND / LENGTH);
    try (DiskCache cache = open()) {
      List<Thread> writers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int first = i;
        Thread writer =
            new Thread(
                () -> {
                  for (int n = first; n < count; n += 8) {
                    byte[] raw = content(n);
                    if (first % 2 == 0) {
                      cache.blocks().keep(ref(raw), raw);
                    } else {
                      cache.blocks().offer(ref(raw), raw);
                    }
                  }
                });
        writer.start();
        writers.add(writer);
      }
      long most = 0;
      while (writers.stream().anyMatch(Thread::isAlive)) {
        most = Math.max(most, DiskUse.of(directory));
      }
      for (Thread writer : writers) {
        writer.join();
      }
      long peak = most;
      assertTrue(peak <= BOUND * 105 / 100, () -> peak + " bytes on disk");
      assertTrue(peak >= BOUND / 2, () -> "only " + peak + " bytes");
      DiskCacheStatistics done = cache.blocks().statistics();
      assertTrue(done.evicted() > FITTING / 2, done::toString);
    }
    assertTrue(DiskUse.of(directory) <= BOUND, "what is left behind");
  }

  @Test
  void aScanLeavesWhatIsUsedOften() throws Exception {
    try (DiskCache cache = open()) {
      DiskTier blocks = cache.blocks();
      int hot = FITTING / 2;
      for (int i = 0; i < hot; i++) {
        offer(blocks, i);
      }
      for (int round = 0; round < 4; round++) {
        // a use a moment: parts of a block read one after the other are one use
        clock.pass(Duration.ofMinutes(1));
        for (int i = 0; i < hot; i++) {
          assertTrue(has(blocks, i));
        }
      }
      for (int i = 1000; i < 1000 + 4 * FITTING; i++) {
        offer(blocks, i);
      }
      long left = IntStream.range(0, hot).filter(i -> has(blocks, i)).count();
      assertTrue(left >= hot * 0.95, () -> left + " of " + hot);
    }
  }

  private static void offer(DiskTier blocks, int number) throws InterruptedException {
    long before = blocks.statistics().written() + blocks.statistics().dropped();
    blocks.offer(ref(number), content(number));
    await(
        "it is written",
        () -> blocks.statistics().written() + blocks.statistics().dropped() > before);
  }

  @Test
  @Tag("promise-21")
  void treePagesStayWhateverIsRead() throws Exception {
    try (DiskCache cache = open()) {
      int pages = FITTING / 10;
      IntStream.range(0, pages).forEach(i -> keep(cache.pages(), i));
      for (int i = 1000; i < 1000 + 2 * FITTING; i++) {
        offer(cache.blocks(), i);
      }
      assertTrue(IntStream.range(0, pages).allMatch(i -> has(cache.pages(), i)));
    }
  }

  @Test
  void whatIsWantedReplacesWhatWasReadOnce() throws Exception {
    try (DiskCache cache = open()) {
      for (int i = 0; i < 2 * FITTING; i++) {
        offer(cache.blocks(), i);
      }
      int wanted = FITTING / 2;
      for (int i = 5000; i < 5000 + wanted; i++) {
        keep(cache.blocks(), i);
      }
      long left = IntStream.range(5000, 5000 + wanted).filter(i -> has(cache.blocks(), i)).count();
      assertTrue(left >= wanted * 0.95, () -> left + " of " + wanted);
    }
  }

  @Test
  void aSmallerBoundHoldsAfterARestart() throws Exception {
    try (DiskCache cache = open()) {
      IntStream.range(0, FITTING - 20).forEach(i -> keep(cache.blocks(), i));
    }
    try (DiskCache cache =
        new DiskCache(Blocks.settings(directory, BOUND / 4), Clock.systemUTC())) {
      keep(cache.blocks(), 7000);
      await("the index is complete", cache.blocks()::isComplete);
      await("the surplus is gone", () -> filesTake(BOUND / 4));
    }
  }

  private boolean filesTake(long bytes) {
    try {
      return (long) Blocks.files(directory).size() * LENGTH <= bytes;
    } catch (IOException | java.io.UncheckedIOException e) {
      return false;
    }
  }

  @Test
  void whatWasUsedOftenOutlivesARestartAndAScan() throws Exception {
    int hot = FITTING / 4;
    try (DiskCache cache = open()) {
      for (int i = 0; i < hot; i++) {
        offer(cache.blocks(), i);
      }
      for (int i = hot; i < FITTING - 10; i++) {
        offer(cache.blocks(), i);
      }
      for (int round = 0; round < 3; round++) {
        clock.pass(Duration.ofMinutes(1));
        for (int i = 0; i < hot; i++) {
          assertTrue(has(cache.blocks(), i));
        }
      }
    }
    try (DiskCache cache = open()) {
      await("the index is complete", cache.blocks()::isComplete);
      for (int i = 1000; i < 1000 + 2 * FITTING; i++) {
        offer(cache.blocks(), i);
      }
      long left = IntStream.range(0, hot).filter(i -> has(cache.blocks(), i)).count();
      assertTrue(left >= hot * 0.9, () -> left + " of " + hot);
    }
  }

  @Test
  void aBlockThatCannotFitIsNotKept() {
    byte[] raw = content(1, (int) BOUND);
    try (DiskCache cache = open()) {
      assertFalse(cache.blocks().keep(ref(raw), raw));
      assertEquals(1, cache.blocks().statistics().dropped());
    }
  }
}
