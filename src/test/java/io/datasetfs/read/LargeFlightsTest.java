package io.datasetfs.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.datasetfs.cache.BlockTier;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.FsException;
import io.datasetfs.read.fetch.FetchSettings;
import io.datasetfs.read.fetch.Fetcher;
import io.datasetfs.store.HeldStore;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that bring many blocks of half a megabyte, one after the other. */
@Timeout(120)
class LargeFlightsTest {
  private static final int BLOCKS = 8;
  private static final int BYTES = 500_000;

  /** Longer than the engine goes without looking at what is under way. */
  private static final int LANDING_MILLIS = 120;

  private final ReadFixture fixture = new ReadFixture(1, 1000);
  private final HeldStore held = new HeldStore(fixture.store);
  private final List<byte[]> contents = new ArrayList<>();
  private final List<BlockRef> refs = new ArrayList<>();
  private final Interest interest = new Interest();
  private final Fetcher fetcher = new Fetcher(FetchSettings.defaults());

  @BeforeEach
  void store() throws FsException {
    for (int i = 0; i < BLOCKS; i++) {
      contents.add(ReadFixture.bytes(i, BYTES));
      refs.add(fixture.builder.storeBlock(contents.get(i)));
    }
    fixture.builder.flush();
  }

  @AfterEach
  void close() {
    held.release();
    fetcher.close();
    fixture.close();
  }

  private BlockSource blocks(BlockTier disk) {
    return new BlockSource(
        ReadCaches.withDefaults().blocks(), disk, fetcher, held.store(), ReadFixture.DATASET);
  }

  private static FutureTask<byte[]> load(BlockSource blocks, BlockRef ref) {
    FutureTask<byte[]> task = new FutureTask<>(() -> blocks.load(ref));
    Thread thread = new Thread(task, "reader");
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  @Test
  void whoWaitsForTheEndOfALargeRequestGetsOneOfHisOwn() throws Exception {
    BlockSource blocks = blocks(BlockTier.NONE);
    held.hold();
    blocks.ahead(refs, interest);
    HeldStore.Call all = held.next();
    assertEquals(BLOCKS * BYTES, all.length());
    FutureTask<byte[]> reader = load(blocks, refs.get(BLOCKS - 1));
    HeldStore.Call own = held.next();
    assertEquals(refs.get(BLOCKS - 1).offset(), own.offset());
    own.go();
    assertArrayEquals(contents.get(BLOCKS - 1), reader.get());
    all.go();
    for (int i = 0; i < BLOCKS; i++) {
      assertArrayEquals(contents.get(i), blocks.load(refs.get(i)));
    }
    assertEquals(2, held.total());
  }

  @Test
  void whoWaitsForWhatComesSoonJoins() throws Exception {
    BlockSource blocks = blocks(BlockTier.NONE);
    held.hold();
    blocks.ahead(refs, interest);
    HeldStore.Call all = held.next();
    FutureTask<byte[]> reader = load(blocks, refs.get(2));
    all.go();
    assertArrayEquals(contents.get(2), reader.get());
    assertEquals(1, held.total());
  }

  @Test
  void nobodyIsTornFromABlockThatHasCome() throws Exception {
    AtomicBoolean torn = new AtomicBoolean();
    AtomicInteger landed = new AtomicInteger();
    BlockTier slow =
        (BlockTier)
            Proxy.newProxyInstance(
                BlockTier.class.getClassLoader(),
                new Class<?>[] {BlockTier.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("offer")) {
                    try {
                      Thread.sleep(LANDING_MILLIS);
                    } catch (InterruptedException e) {
                      torn.set(true);
                    }
                    landed.incrementAndGet();
                  }
                  return method.getReturnType() == boolean.class ? false : null;
                });
    BlockSource blocks = blocks(slow);
    for (int i = 0; i < BLOCKS; i += 3) {
      assertArrayEquals(contents.get(i), blocks.load(refs.get(i)));
    }
    assertEquals(3, landed.get());
    assertFalse(torn.get());
  }
}
