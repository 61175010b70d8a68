package io.datasetfs.cli;

import io.datasetfs.cache.GlanceTier;
import io.datasetfs.catalog.Dataset;
import io.datasetfs.model.FsException;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.read.DatasetReader;
import io.datasetfs.read.FileReader;
import io.datasetfs.read.ReadCaches;
import io.datasetfs.read.TreeItem;
import io.datasetfs.read.fetch.Fetcher;
import io.datasetfs.store.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/** Reads versions with caches of its own. */
final class TreeVersionReader implements VersionReader {
  private static final int STEP = 1 << 20;

  private final Fetcher fetcher = new Fetcher();
  private final DatasetReader reader;

  /**
   * @param cache the directory of the disk cache; what is in it need not be fetched
   */
  TreeVersionReader(Dataset dataset, ObjectStore store, Path cache) {
    ReadCaches memory = ReadCaches.withDefaults();
    ReadCaches caches =
        dataset.provider().type().equals(StorageProvider.LOCAL)
            ? memory
            : memory.before(GlanceTier.blocksIn(cache), GlanceTier.pagesIn(cache));
    this.reader = new DatasetReader(store, dataset.id(), fetcher, caches);
  }

  @Override
  public Optional<TreeEntry> find(TreeEntry.Directory directory, String name) throws FsException {
    return reader.tree(directory).find(directory, name).map(TreeItem::entry);
  }

  @Override
  public void list(TreeEntry.Directory directory, EntryVisitor visitor) throws FsException {
    reader
        .tree(directory)
        .list(directory)
        .list(
            0,
            (item, position) -> {
              visitor.visit(item.entry());
              return true;
            });
  }

  @Override
  public void copy(TreeEntry.File file, ContentSink sink) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(STEP, Math.max(1, file.size())));
    try (FileReader content = reader.open(file)) {
      for (long offset = 0; offset < file.size(); ) {
        buffer.clear();
        int count = content.read(offset, buffer);
        if (isZero(buffer.array(), count)) {
          sink.hole(count);
        } else {
          sink.data(buffer.flip());
        }
        offset += count;
      }
    }
  }

  /** Whole steps of zeros need not be written. */
  private static boolean isZero(byte[] bytes, int count) {
    if (count < STEP) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    fetcher.close();
  }
}
