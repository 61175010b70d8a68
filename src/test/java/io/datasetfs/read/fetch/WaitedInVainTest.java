package io.datasetfs.read.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.read.CountingStore;
import io.datasetfs.read.VersionBuilder;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who has waited for a block in vain is not made to wait for it again at once. */
@Timeout(60)
class WaitedInVainTest {
  private static final DatasetId DATASET = new DatasetId("dst364npcw6ccok");
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final AtomicLong nanos = new AtomicLong();

  @Test
  void evenWhileAnotherReaderStillWaits() throws Exception {
    CountingStore store = new CountingStore();
    VersionBuilder builder = new VersionBuilder(store, DATASET, 1, 1000);
    BlockRef ref = builder.storeBlock(new byte[500]);
    builder.flush();
    CountDownLatch never = new CountDownLatch(1);
    store.fault(
        (key, content) -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return content;
        });
    try (Fetcher fetcher =
        new Fetcher(FetchSettings.defaults().withDeadline(DEADLINE), nanos::get)) {
      RemoteBlocks blocks = fetcher.blocks(store, DATASET, new Nowhere());
      CompletableFuture<FailureKind> first = new CompletableFuture<>();
      start(
          () -> {
            FailureKind once = fail(blocks, ref);
            FailureKind again = fail(blocks, ref);
            first.complete(once == again ? again : FailureKind.IO);
          });
      pass(DEADLINE.dividedBy(2));
      CompletableFuture<FailureKind> second = new CompletableFuture<>();
      start(() -> second.complete(fail(blocks, ref)));
      pass(DEADLINE.dividedBy(2));
      assertEquals(FailureKind.UNAVAILABLE, first.get());
      assertFalse(second.isDone());
    }
  }

  private static FailureKind fail(RemoteBlocks blocks, BlockRef ref) {
    try {
      blocks.load(ref);
      throw new AssertionError("a block from nowhere");
    } catch (FsException e) {
      return e.kind();
    }
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  /** Returns when the thread waits, its time of beginning taken. */
  private static void start(Runnable work) throws InterruptedException {
    Thread thread = new Thread(work, "reader");
    thread.setDaemon(true);
    thread.start();
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.sleep(1);
    }
  }
}
