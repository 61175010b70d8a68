package io.datasetfs.read;

import io.datasetfs.cache.BlockTier;
import io.datasetfs.format.PackLayout;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.Extent;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.read.fetch.Fetcher;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** A dataset in memory and a reader of it. */
final class ReadFixture implements AutoCloseable {
  static final DatasetId DATASET = new DatasetId("dst364npcw6ccok");

  final CountingStore store = new CountingStore();
  final Fetcher fetcher = new Fetcher();
  final VersionBuilder builder;
  DatasetReader reader = reader();

  ReadFixture(long seed, int blockBytes) {
    this.builder = new VersionBuilder(store, DATASET, seed, blockBytes);
  }

  /** A reader with empty caches. */
  DatasetReader reader() {
    return new DatasetReader(store, DATASET, fetcher, ReadCaches.withDefaults());
  }

  /** A reader with empty caches that plans ahead with this planner. */
  DatasetReader reader(AheadPlanner planner) {
    return new DatasetReader(store, DATASET, fetcher, ReadCaches.withDefaults(), planner);
  }

  VersionTree tree(Model.Directory root) throws FsException {
    return reader.tree(builder.store(root));
  }

  FileReader file(Model.File file) throws FsException {
    TreeEntry.File entry = builder.storeFile("file", file);
    builder.flush();
    return reader.open(entry);
  }

  static byte[] read(FileReader file, long offset, int length) throws FsException {
    ByteBuffer target = ByteBuffer.allocate(length);
    int count = file.read(offset, target);
    byte[] bytes = new byte[count];
    target.flip().get(bytes);
    return bytes;
  }

  /** Whether a block or a page has been fetched. */
  boolean hasFetched(BlockRef ref) {
    return fetchesOf(ref) > 0;
  }

  /** How often a block or a page was fetched. */
  int fetchesOf(BlockRef ref) {
    return store.fetchesOf(PackLayout.key(DATASET, ref.pack()), ref.offset(), ref.storedLength());
  }

  /** Those of some blocks that were fetched, and how often. */
  Map<BlockRef, Integer> fetchesOf(Collection<BlockRef> refs) {
    Map<BlockRef, Integer> fetches = new HashMap<>();
    for (BlockRef ref : refs) {
      int count = fetchesOf(ref);
      if (count > 0) {
        fetches.put(ref, count);
      }
    }
    return fetches;
  }

  /** All blocks of a file. */
  Set<BlockRef> blocksOf(TreeEntry.File file) throws FsException {
    ReadCaches caches = ReadCaches.withDefaults();
    BlockSource stored = new BlockSource(caches.blocks(), BlockTier.NONE, fetcher, store, DATASET);
    FileExtents extents = new FileExtents(file, new PageSource(caches.pages(), stored));
    Set<BlockRef> refs = new LinkedHashSet<>();
    for (long at = 0; at < file.size(); ) {
      FileExtents.Located located = extents.locate(at);
      if (located.extent() instanceof Extent.Stored extent) {
        refs.add(extent.block());
      }
      at = located.end();
    }
    return refs;
  }

  static byte[] bytes(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** Waits until what was to be loaded ahead so far is loaded. */
  void awaitReadahead() throws InterruptedException {
    while (!reader.hasPlanned() || !fetcher.isQuiet()) {
      Thread.sleep(1);
    }
  }

  @Override
  public void close() {
    fetcher.close();
  }
}
