package io.datasetfs.read;

import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.read.fetch.Fetcher;
import java.nio.ByteBuffer;
import java.util.Random;

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
