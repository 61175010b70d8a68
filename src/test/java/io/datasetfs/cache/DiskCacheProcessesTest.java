package io.datasetfs.cache;

import static io.datasetfs.cache.Blocks.LENGTH;
import static io.datasetfs.cache.Blocks.MIB;
import static io.datasetfs.cache.Blocks.await;
import static io.datasetfs.cache.Blocks.has;
import static io.datasetfs.cache.Blocks.keep;
import static io.datasetfs.cache.Blocks.ref;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one directory, some of which die. */
class DiskCacheProcessesTest {
  private static final int COUNT = 200;

  @TempDir Path directory;

  private DiskCache open(long bound) {
    return new DiskCache(Blocks.settings(directory, bound), Clock.systemUTC());
  }

  @Test
  void processesThatEvictEachOthersBlocksReadNoWrongByte() throws Exception {
    long bound = COUNT * LENGTH / 3;
    List<Process> children = new ArrayList<>();
    try (DiskCache cache = open(bound)) {
      for (int seed = 0; seed < 2; seed++) {
        children.add(CacheChild.start("times", directory, bound, COUNT, seed));
      }
      Random random = new Random(99);
      while (children.stream().anyMatch(Process::isAlive)) {
        int number = random.nextInt(COUNT);
        if (!has(cache.blocks(), number)) {
          cache.blocks().offer(ref(number), Blocks.content(number));
        }
      }
      for (Process child : children) {
        BufferedReader output = CacheChild.output(child);
        List<String> said = output.lines().toList();
        String end = said.get(said.size() - 1);
        assertTrue(Integer.parseInt(end.substring("done ".length())) > 0, end);
        assertEquals(0, child.waitFor());
      }
      await("the index is complete", cache.blocks()::isComplete);
      cache.look();
      cache.blocks().settle();
      assertTrue((long) Blocks.files(directory).size() * LENGTH <= bound);
      assertEquals(Blocks.files(directory).size(), cache.blocks().statistics().blocks());
    } finally {
      children.forEach(Process::destroyForcibly);
    }
  }

  @Test
  void aKilledProcessLeavesNoWrongByte() throws Exception {
    Random random = new Random(7);
    for (int round = 0; round < 100; round++) {
      Process child = CacheChild.start("forever", directory, 8 * MIB, COUNT, round);
      try (BufferedReader output = CacheChild.output(child)) {
        assertEquals("open", output.readLine());
        assertEquals("wrote", output.readLine());
        Thread.sleep(random.nextInt(60));
      } finally {
        child.destroyForcibly();
        child.waitFor();
      }
      if (round % 10 == 9) {
        checkWhatIsLeft();
      }
    }
  }

  private void checkWhatIsLeft() throws Exception {
    try (DiskCache cache = open(8 * MIB)) {
      await("the index is complete", cache.blocks()::isComplete);
      long found =
          Stream.iterate(0, i -> i + 1).limit(COUNT).filter(i -> has(cache.blocks(), i)).count();
      assertTrue(found > 0, "nothing was written");
      assertEquals(0, cache.blocks().statistics().bad());
      try (Stream<Path> sessions = Files.list(directory.resolve("tmp"))) {
        assertEquals(1, sessions.count(), "what dead processes left is gone");
      }
    }
    try (Stream<Path> sessions = Files.list(directory.resolve("tmp"))) {
      assertEquals(0, sessions.count());
    }
  }

  @Test
  void temporaryFilesOfLivingProcessesStay() throws Exception {
    try (DiskCache cache = open(8 * MIB)) {
      keep(cache.blocks(), 1);
      Path session;
      try (Stream<Path> sessions = Files.list(directory.resolve("tmp"))) {
        session = sessions.findFirst().orElseThrow();
      }
      Path temporary = Files.writeString(session.resolve("77"), "being written");
      Process child = CacheChild.start("times", directory, 8 * MIB, 5, 1);
      assertEquals(0, child.waitFor());
      assertTrue(Files.exists(temporary));
    }
    assertFalse(Files.exists(directory.resolve("tmp/77")));
  }
}
