package io.datasetfs.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.datasetfs.cache.BlockTier;
import io.datasetfs.read.fetch.FetchSettings;
import io.datasetfs.store.HeldStore;
import java.lang.reflect.Proxy;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that bring many blocks of half a megabyte, one after the other. */
@Timeout(120)
class LargeFlightsTest extends HeldFlights {
  private static final int BLOCKS = 8;
  private static final int BYTES = 500_000;

  /** Longer than the engine goes without looking at what is under way. */
  private static final int LANDING_MILLIS = 120;

  LargeFlightsTest() {
    super(BLOCKS, BYTES);
  }

  @BeforeEach
  void readAsUsual() {
    with(FetchSettings.defaults());
  }

  @Test
  void whoWaitsForTheEndOfALargeRequestGetsOneOfHisOwn() throws Exception {
    held.hold();
    blocks.ahead(refs, interest);
    HeldStore.Call all = held.next();
    assertEquals(BLOCKS * BYTES, all.length());
    FutureTask<byte[]> reader = load(BLOCKS - 1);
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
    held.hold();
    blocks.ahead(refs, interest);
    HeldStore.Call all = held.next();
    FutureTask<byte[]> reader = load(2);
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
    BlockSource slowly = blocks(slow);
    for (int i = 0; i < BLOCKS; i += 3) {
      assertArrayEquals(contents.get(i), slowly.load(refs.get(i)));
    }
    assertEquals(3, landed.get());
    assertFalse(torn.get());
  }
}
