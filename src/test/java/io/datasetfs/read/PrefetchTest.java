package io.datasetfs.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.cache.CacheSize;
import io.datasetfs.cache.DiskCache;
import io.datasetfs.cache.DiskCacheSettings;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Prefetching into a real disk cache from a store that counts. */
@Timeout(120)
class PrefetchTest {
  private static final int BLOCK = 100_000;
  private static final int LARGE = 60 * BLOCK;

  @TempDir Path home;
  private final ReadFixture fixture = new ReadFixture(1, BLOCK);
  private final byte[] large = ReadFixture.bytes(1, LARGE);
  private DiskCache cache;
  private TreeEntry.Directory root;

  @BeforeEach
  void store() throws FsException {
    Model.Directory top = new Model.Directory();
    top.with("large", Model.File.of(large));
    Model.Directory small = new Model.Directory();
    for (int i = 0; i < 200; i++) {
      small.with("f" + i, Model.File.of(ReadFixture.bytes(100 + i, 5000)));
    }
    top.with("small", small);
    root = fixture.builder.store(top);
    cache = open("64M");
    fixture.store.fetches().clear();
  }

  @AfterEach
  void close() {
    cache.close();
    fixture.close();
  }

  private DiskCache open(String size) throws FsException {
    return new DiskCache(
        DiskCacheSettings.of(
            home.resolve("cache"), CacheSize.parse("", size), DiskCacheSettings.DEFAULT_TTL),
        Clock.systemUTC());
  }

  private DatasetReader reader() {
    ReadCaches caches =
        ReadCaches.bounded(1 << 20, 1 << 20).before(cache.blocks(), new KeepingTier(cache.pages()));
    return new DatasetReader(fixture.store, ReadFixture.DATASET, fixture.fetcher, caches);
  }

  private PrefetchPlan plan(TreeEntry entry, boolean partial) throws FsException {
    PrefetchPlan plan =
        new PrefetchPlan(reader(), cache.blocks(), cache.blocks().statistics().bound(), partial);
    plan.add(entry);
    return plan;
  }

  private long run(PrefetchPlan plan) throws FsException {
    AtomicLong told = new AtomicLong();
    new Prefetch(fixture.store, ReadFixture.DATASET, cache.blocks()).run(plan, 3, told::addAndGet);
    return told.get();
  }

  private void unreachable() {
    fixture.store.fault(
        (key, content) -> {
          throw new FsException(FailureKind.UNAVAILABLE, "injected");
        });
  }

  /** Compares everything with the provider unreachable and the memory empty. */
  private void assertReadable() throws FsException {
    unreachable();
    DatasetReader reader = reader();
    VersionTree tree = reader.tree(root);
    ByteBuffer target = ByteBuffer.allocate(LARGE);
    try (FileReader file = reader.open((TreeEntry.File) tree.require("large"))) {
      while (target.hasRemaining()) {
        assertTrue(file.read(target.position(), target) > 0);
      }
    }
    assertArrayEquals(large, target.array());
    for (int i = 0; i < 200; i++) {
      try (FileReader file = reader.open((TreeEntry.File) tree.require("small/f" + i))) {
        assertArrayEquals(ReadFixture.bytes(100 + i, 5000), ReadFixture.read(file, 0, 6000));
      }
    }
  }

  @Test
  void afterwardsEverythingIsReadWithoutTheProvider() throws Exception {
    PrefetchPlan plan = plan(root, false);
    assertTrue(plan.fits());
    assertEquals(0, plan.presentBlocks());
    assertTrue(plan.missingBlocks() >= 60);
    int pages = fixture.store.total();
    assertEquals(plan.missingBytes(), run(plan));
    // Each block once, however often it is named, and many in a request.
    PrefetchPlan twice = plan(root, false);
    twice.add(root);
    assertEquals(plan.missingBlocks(), twice.presentBlocks());
    int requests = fixture.store.total() - pages;
    assertTrue(requests * 5L < plan.missingBlocks(), () -> requests + " requests");
    cache.close();
    cache = open("64M");
    assertReadable();
  }

  @Test
  void whatIsThereIsNotFetchedAgain() throws Exception {
    TreeEntry small = reader().tree(root).require("small");
    PrefetchPlan first = plan(small, false);
    run(first);
    PrefetchPlan rest = plan(root, false);
    assertEquals(first.missingBlocks(), rest.presentBlocks());
    assertEquals(first.missingBytes(), rest.presentBytes());
    assertEquals(rest.missingBytes(), run(rest));
    unreachable();
    PrefetchPlan nothing = plan(root, false);
    assertEquals(0, nothing.missingBlocks());
    assertEquals(0, run(nothing));
  }

  @Test
  void whatWasInterruptedGoesOn() throws Exception {
    PrefetchPlan plan = plan(root, false);
    CountDownLatch some = new CountDownLatch(2);
    fixture.store.fault(
        (key, content) -> {
          if (some.getCount() == 0) {
            try {
              Thread.sleep(60_000);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
              throw new FsException(FailureKind.INTERRUPTED, "interrupted", e);
            }
          }
          some.countDown();
          return content;
        });
    Thread command = Thread.currentThread();
    Thread control =
        new Thread(
            () -> {
              try {
                some.await();
                while (cache.blocks().statistics().blocks() == 0) {
                  Thread.sleep(1);
                }
              } catch (InterruptedException e) {
                // the same as having waited
              }
              command.interrupt();
            });
    control.start();
    FsException failure =
        assertThrows(
            FsException.class,
            () ->
                new Prefetch(fixture.store, ReadFixture.DATASET, cache.blocks())
                    .run(plan, 1, bytes -> {}));
    assertEquals(FailureKind.INTERRUPTED, failure.kind());
    assertTrue(Thread.interrupted());
    control.join();
    cache.close();
    cache = open("64M");
    fixture.store.fault((key, content) -> content);
    PrefetchPlan rest = plan(root, false);
    assertTrue(rest.presentBlocks() > 0);
    run(rest);
    assertReadable();
  }

  @Test
  void whatDoesNotFitIsRefusedOrLeftOut() throws Exception {
    cache.close();
    cache = open("2M");
    PrefetchPlan refused = plan(root, false);
    assertFalse(refused.fits());
    assertTrue(refused.neededBytes() > LARGE);
    PrefetchPlan some = plan(root, true);
    assertTrue(some.fits());
    assertTrue(some.missingBytes() > BLOCK && some.missingBytes() < 2 << 20);
    assertEquals(refused.neededBytes(), some.neededBytes());
    assertEquals(some.missingBytes(), run(some));
  }

  @Test
  void aDamagedBlockIsNamedAndKeepsNoOtherBack() throws Exception {
    PrefetchPlan plan = plan(root, false);
    AtomicLong flips = new AtomicLong();
    String[] damaged = new String[1];
    fixture.store.fault(
        (key, content) -> {
          if (damaged[0] == null || damaged[0].equals(key)) {
            damaged[0] = key;
            // The last byte of whatever is asked for: of the last block of a run, and of it alone.
            content.array()[content.arrayOffset() + content.limit() - 1] ^= 1;
            flips.incrementAndGet();
          }
          return content;
        });
    FsException failure = assertThrows(FsException.class, () -> run(plan));
    assertEquals(FailureKind.CORRUPT, failure.kind());
    assertTrue(failure.getMessage().contains(damaged[0]), failure.getMessage());
    assertTrue(flips.get() >= 2, "fetched once more");
    fixture.store.fault((key, content) -> content);
    PrefetchPlan rest = plan(root, false);
    assertTrue(rest.missingBlocks() > 0 && rest.missingBlocks() * 4 < plan.missingBlocks());
  }
}
