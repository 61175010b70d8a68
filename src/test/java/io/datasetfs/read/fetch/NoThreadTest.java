package io.datasetfs.read.fetch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.read.CountingStore;
import io.datasetfs.read.VersionBuilder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of requests for which no thread is to be had. */
@Timeout(60)
class NoThreadTest {
  private static final Logger LOG = Logger.getLogger(Flights.class.getName());
  private static final DatasetId DATASET = new DatasetId("dst364npcw6ccok");
  private static final int BYTES = 500;

  private final CountingStore store = new CountingStore();
  private final VersionBuilder builder = new VersionBuilder(store, DATASET, 1, 1000);
  private final AtomicInteger asked = new AtomicInteger();
  private volatile int refused;
  private final FetchThreads threads = new FetchThreads("dsfs-fetch-");
  private final ThreadFactory scarce =
      task -> {
        if (asked.incrementAndGet() <= refused) {
          throw new OutOfMemoryError("unable to create native thread");
        }
        return threads.newThread(task);
      };

  @BeforeEach
  void silence() {
    LOG.setUseParentHandlers(false);
  }

  @AfterEach
  void speak() {
    LOG.setUseParentHandlers(true);
  }

  private Fetcher fetcher(FetchSettings settings) {
    return new Fetcher(settings, System::nanoTime, scarce);
  }

  private static void awaitQuiet(Fetcher fetcher) throws InterruptedException {
    while (!fetcher.isQuiet()) {
      Thread.sleep(1);
    }
  }

  @Test
  void theyAreMadeWhenThereIsOne() throws Exception {
    refused = 4;
    BlockRef ref = builder.storeBlock(new byte[BYTES]);
    builder.flush();
    // a slot, and bytes for one request, that must not get lost
    try (Fetcher fetcher =
        fetcher(FetchSettings.defaults().withParallel(1, 1).withBytesInFlight(1))) {
      RemoteBlocks blocks = fetcher.blocks(store, DATASET, new Nowhere());
      assertArrayEquals(new byte[BYTES], blocks.load(ref));
      awaitQuiet(fetcher);
      assertArrayEquals(new byte[BYTES], blocks.load(ref));
    }
  }

  @Test
  void whoWaitsForOneHasADeadlineAllTheSame() throws Exception {
    refused = Integer.MAX_VALUE;
    BlockRef ref = builder.storeBlock(new byte[BYTES]);
    builder.flush();
    try (Fetcher fetcher =
        fetcher(FetchSettings.defaults().withParallel(1, 1).withDeadline(Duration.ofMillis(300)))) {
      RemoteBlocks blocks = fetcher.blocks(store, DATASET, new Nowhere());
      FsException e = assertThrows(FsException.class, () -> blocks.load(ref));
      assertEquals(FailureKind.UNAVAILABLE, e.kind());
      awaitQuiet(fetcher);
      assertTrue(asked.get() < 100, asked + " threads were asked for: not one a tick");
      refused = 0;
      Thread.sleep(301); // those who have just waited in vain are refused for as long
      assertArrayEquals(new byte[BYTES], blocks.load(ref));
    }
  }

  @Test
  void wishesAreKept() throws Exception {
    refused = 3;
    BlockRef ref = builder.storeBlock(new byte[BYTES]);
    builder.flush();
    try (Fetcher fetcher = fetcher(FetchSettings.defaults())) {
      RemoteBlocks blocks = fetcher.blocks(store, DATASET, new Nowhere());
      blocks.ahead(List.of(ref), () -> false);
      awaitQuiet(fetcher);
      assertEquals(1, store.total());
    }
  }
}
