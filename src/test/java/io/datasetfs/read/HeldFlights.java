package io.datasetfs.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.cache.BlockTier;
import io.datasetfs.format.PackLayout;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.read.fetch.BlockFailures;
import io.datasetfs.read.fetch.FetchSettings;
import io.datasetfs.read.fetch.Fetcher;
import io.datasetfs.store.HeldStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Blocks of one length each in a store that holds requests until it is told to let them go. */
abstract class HeldFlights {
  private static final Logger LOG = Logger.getLogger(BlockFailures.class.getName());

  final ReadFixture fixture = new ReadFixture(1, 1000);
  final HeldStore held = new HeldStore(fixture.store);
  final List<byte[]> contents = new ArrayList<>();
  final List<BlockRef> refs = new ArrayList<>();
  final Interest interest = new Interest();
  Fetcher fetcher;
  BlockSource blocks;

  private final int count;
  private final int bytes;

  /**
   * @param count how many blocks there are
   * @param bytes how long each is
   */
  HeldFlights(int count, int bytes) {
    this.count = count;
    this.bytes = bytes;
  }

  @BeforeEach
  void store() throws FsException {
    for (int i = 0; i < count; i++) {
      contents.add(ReadFixture.bytes(i, bytes));
      refs.add(fixture.builder.storeBlock(contents.get(i)));
    }
    fixture.builder.flush();
    LOG.setUseParentHandlers(false);
    with(FetchSettings.defaults().withParallel(8, 8));
  }

  /** Reads with these settings from now on. */
  void with(FetchSettings settings) {
    if (fetcher != null) {
      fetcher.close();
    }
    fetcher = new Fetcher(settings);
    blocks = blocks(BlockTier.NONE);
  }

  /** The blocks, with nothing in memory and this on the disk. */
  BlockSource blocks(BlockTier disk) {
    return new BlockSource(
        ReadCaches.withDefaults().blocks(), disk, fetcher, held.store(), ReadFixture.DATASET);
  }

  @AfterEach
  void close() {
    held.release();
    fetcher.close();
    fixture.close();
    LOG.setUseParentHandlers(true);
  }

  FutureTask<byte[]> load(int block) {
    FutureTask<byte[]> task = new FutureTask<>(() -> blocks.load(refs.get(block)));
    Thread thread = new Thread(task, "reader of " + block);
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  void ahead(int... numbers) {
    List<BlockRef> wanted = new ArrayList<>();
    for (int number : numbers) {
      wanted.add(refs.get(number));
    }
    blocks.ahead(wanted, interest);
  }

  void assertRange(int first, int last, HeldStore.Call call) {
    assertEquals(refs.get(first).offset(), call.offset());
    BlockRef end = refs.get(last);
    assertEquals(end.offset() + end.storedLength() - call.offset(), call.length());
  }

  static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - end < 0, "it does not come");
      Thread.sleep(1);
    }
  }

  void assertUnavailable(FutureTask<byte[]> reader) {
    assertUnavailable(reader, "");
  }

  void assertUnavailable(FutureTask<byte[]> reader, String why) {
    ExecutionException e = assertThrows(ExecutionException.class, reader::get);
    FsException failure = (FsException) e.getCause();
    assertEquals(FailureKind.UNAVAILABLE, failure.kind());
    String key = PackLayout.key(ReadFixture.DATASET, refs.get(0).pack());
    assertTrue(failure.getMessage().contains(key), failure.getMessage());
    assertTrue(failure.getMessage().contains(why), failure.getMessage());
  }
}
