package io.datasetfs.cache;

import static io.datasetfs.cache.Blocks.LENGTH;
import static io.datasetfs.cache.Blocks.MIB;
import static io.datasetfs.cache.Blocks.await;
import static io.datasetfs.cache.Blocks.content;
import static io.datasetfs.cache.Blocks.file;
import static io.datasetfs.cache.Blocks.has;
import static io.datasetfs.cache.Blocks.keep;
import static io.datasetfs.cache.Blocks.reads;
import static io.datasetfs.cache.Blocks.ref;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.BlockRef;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk cache on a disk that works. */
class DiskCacheTest {
  @TempDir Path temp;
  private final Ticking clock = new Ticking();
  private Path directory;

  @BeforeEach
  void inADirectoryThatIsMissing() {
    directory = temp.resolve("made/by/the cache");
  }

  private DiskCache open(long bytes) {
    return new DiskCache(Blocks.settings(directory, bytes), clock);
  }

  private static DiskTier complete(DiskCache cache) throws InterruptedException {
    await("the index is complete", () -> cache.blocks().isComplete());
    return cache.blocks();
  }

  @Test
  void whatIsOfferedIsFoundAndReadInParts() throws Exception {
    try (DiskCache cache = open(64 * MIB)) {
      DiskTier blocks = cache.blocks();
      assertFalse(has(blocks, 1));
      assertFalse(reads(blocks, 1, 0, 10));
      blocks.offer(ref(1), content(1));
      assertTrue(has(blocks, 1), "also while it is on its way");
      await("it is written", () -> blocks.statistics().written() == 1);
      assertTrue(blocks.holds(ref(1)));
      assertTrue(has(blocks, 1));
      assertTrue(reads(blocks, 1, 0, LENGTH));
      assertTrue(reads(blocks, 1, 4711, 12345));
      assertTrue(reads(blocks, 1, LENGTH, 0));
      assertFalse(cache.pages().holds(ref(1)));
      assertFalse(has(cache.pages(), 1));
      assertArrayEquals(content(1), Files.readAllBytes(file(directory, ref(1))));
    }
  }

  /** Whoever may write to one dataset names any digest in it, with any length. */
  @Test
  void aReferenceThatLiesAboutALengthTakesNothingAway() throws Exception {
    try (DiskCache cache = open(64 * MIB)) {
      DiskTier blocks = cache.blocks();
      keep(blocks, 1);
      BlockRef honest = ref(1);
      int half = LENGTH / 2;
      BlockRef lying = new BlockRef(honest.pack(), 0, half, half, honest.codec(), honest.digest());
      assertFalse(blocks.read(lying, 0, 10, ByteBuffer.allocate(10)));
      assertNull(blocks.find(lying));
      assertTrue(reads(blocks, 1, 0, LENGTH), "verified before, and still known");
      assertEquals(0, blocks.statistics().bad());
    }
  }

  @Test
  void aRestartKnowsTheBlocksAndVerifiesThemOnce() throws Exception {
    try (DiskCache cache = open(64 * MIB)) {
      for (int i = 0; i < 20; i++) {
        keep(cache.blocks(), i);
      }
    }
    try (DiskCache cache = open(64 * MIB)) {
      assertTrue(has(cache.blocks(), 3), "whether or not the index is complete");
      DiskTier blocks = complete(cache);
      assertEquals(20, blocks.statistics().blocks());
      assertTrue(blocks.holds(ref(4)));
      assertFalse(reads(blocks, 4, 0, 10), "it has not been verified");
      assertTrue(has(blocks, 4));
      assertTrue(reads(blocks, 4, 0, 10));
    }
  }

  @Test
  void aBlockThatTheIndexDoesNotKnowIsFound() throws Exception {
    try (DiskCache one = open(64 * MIB);
        DiskCache other = open(64 * MIB)) {
      complete(one);
      complete(other);
      keep(one.blocks(), 1);
      assertFalse(other.blocks().holds(ref(1)));
      assertTrue(has(other.blocks(), 1));
      assertTrue(other.blocks().holds(ref(1)));
      keep(one.blocks(), 2);
      other.look();
      assertTrue(other.blocks().holds(ref(2)));
      assertEquals(2, other.blocks().statistics().blocks());
    }
  }

  @Test
  void aBlockThatIsGoneIsAMiss() throws Exception {
    try (DiskCache cache = open(64 * MIB)) {
      keep(cache.blocks(), 1);
      keep(cache.blocks(), 2);
      Files.delete(file(directory, ref(1)));
      assertFalse(has(cache.blocks(), 1));
      assertFalse(cache.blocks().holds(ref(1)));
      Files.delete(file(directory, ref(2)));
      assertTrue(cache.blocks().holds(ref(2)));
      complete(cache);
      cache.look();
      assertFalse(cache.blocks().holds(ref(2)));
      assertEquals(0, cache.blocks().statistics().blocks());
      keep(cache.blocks(), 1);
      assertTrue(has(cache.blocks(), 1));
    }
  }

  @Test
  void badContentIsRemovedAtFirstUse() throws Exception {
    try (DiskCache cache = open(64 * MIB)) {
      for (int i = 0; i < 4; i++) {
        keep(cache.blocks(), i);
      }
    }
    flip(file(directory, ref(0)), 100);
    truncate(file(directory, ref(1)), LENGTH - 1);
    truncate(file(directory, ref(2)), 0);
    Files.write(file(directory, ref(3)), new byte[1], StandardOpenOption.APPEND);
    try (DiskCache cache = open(64 * MIB)) {
      DiskTier blocks = complete(cache);
      for (int i = 0; i < 4; i++) {
        assertFalse(has(blocks, i), "block " + i);
        assertFalse(blocks.holds(ref(i)));
        assertFalse(Files.exists(file(directory, ref(i))));
        keep(blocks, i);
        assertTrue(has(blocks, i));
      }
      assertEquals(4, blocks.statistics().bad());
    }
  }

  @Test
  void aChangeAfterTheFirstUseIsNoticed() throws Exception {
    try (DiskCache cache = open(64 * MIB)) {
      DiskTier blocks = cache.blocks();
      for (int i = 0; i < 3; i++) {
        keep(blocks, i);
        assertTrue(reads(blocks, i, 5, 1000));
      }
      truncate(file(directory, ref(0)), 10);
      assertFalse(reads(blocks, 0, 5, 1000), "a file's size is looked at each time");
      assertFalse(has(blocks, 0));
      flip(file(directory, ref(1)), 100);
      Path other = Files.write(temp.resolve("other"), new byte[LENGTH]);
      Files.move(other, file(directory, ref(2)), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
      Thread.sleep(1100); // the time after which an open file is looked at again
      assertFalse(reads(blocks, 1, 5, 1000));
      assertFalse(has(blocks, 1));
      assertFalse(reads(blocks, 2, 5, 1000));
      assertFalse(has(blocks, 2));
    }
  }

  private static void flip(Path file, long position) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) position] ^= 1;
    Files.write(file, bytes);
  }

  private static void truncate(Path file, long length) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(length);
    }
  }

  @Test
  void anInterruptedReaderHarmsNobody() throws Exception {
    try (DiskCache cache = open(64 * MIB)) {
      DiskTier blocks = cache.blocks();
      keep(blocks, 1);
      AtomicInteger failures = new AtomicInteger();
      Thread other =
          new Thread(
              () -> {
                for (int i = 0; i < 500; i++) {
                  if (!reads(blocks, 1, 10, 5000)) {
                    failures.incrementAndGet();
                  }
                }
              });
      other.start();
      for (int i = 0; i < 500; i++) {
        Thread.currentThread().interrupt();
        assertTrue(reads(blocks, 1, 20, 5000));
        assertTrue(Thread.interrupted(), "an interrupt is kept");
      }
      other.join();
      assertEquals(0, failures.get());
    }
  }

  @Test
  void blocksThatNobodyUsesGo() throws Exception {
    Duration hours = Duration.ofHours(5);
    try (DiskCache cache = open(64 * MIB)) {
      DiskTier blocks = complete(cache);
      keep(blocks, 1);
      keep(blocks, 2);
      for (int i = 0; i < 4; i++) {
        clock.pass(Duration.ofDays(4));
        assertTrue(has(blocks, 1));
      }
      cache.expire();
      assertTrue(blocks.holds(ref(1)));
      assertFalse(blocks.holds(ref(2)));
      assertFalse(Files.exists(file(directory, ref(2))));
      assertEquals(1, blocks.statistics().expired());
    }
    clock.pass(Duration.ofDays(14).minus(hours));
    try (DiskCache cache = open(64 * MIB)) {
      complete(cache);
      cache.expire();
      assertTrue(cache.blocks().holds(ref(1)), "last uses outlive the process");
      clock.pass(hours.multipliedBy(2));
      cache.expire();
      assertFalse(cache.blocks().holds(ref(1)));
    }
  }

  @Test
  void aUseByAnotherProcessCounts() throws Exception {
    try (DiskCache cache = open(64 * MIB)) {
      complete(cache);
      keep(cache.blocks(), 1);
      Instant used = clock.instant().plus(Duration.ofDays(14));
      Files.setAttribute(file(directory, ref(1)), "lastAccessTime", FileTime.from(used));
      clock.pass(Duration.ofDays(15));
      cache.expire();
      assertTrue(has(cache.blocks(), 1));
    }
  }

  @Test
  void theLastUsesAreKnownWithoutTheirFile() throws Exception {
    try (DiskCache cache = open(64 * MIB)) {
      keep(complete(cache), 1);
    }
    Path snapshot = directory.resolve("data.index");
    assertTrue(Files.exists(snapshot));
    flip(snapshot, Files.size(snapshot) / 2);
    try (DiskCache cache = open(64 * MIB)) {
      complete(cache);
      cache.expire();
      assertTrue(has(cache.blocks(), 1));
    }
  }

  @Test
  void nothingIsKeptWhenNothingIsWanted() {
    try (DiskCache cache = open(0)) {
      cache.blocks().offer(ref(1), content(1));
      assertFalse(cache.blocks().keep(ref(2), content(2)));
      assertNull(cache.blocks().find(ref(1)));
      assertFalse(Files.exists(directory));
    }
  }

  @Test
  void anEmptyBlockIsNoMatter() {
    BlockRef empty = ref(new byte[0]);
    try (DiskCache cache = open(64 * MIB)) {
      cache.blocks().offer(empty, new byte[0]);
      assertTrue(cache.blocks().keep(empty, new byte[0]));
      assertNull(cache.blocks().find(empty));
    }
  }
}
