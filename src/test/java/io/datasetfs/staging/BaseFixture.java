package io.datasetfs.staging;

import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.read.DatasetReader;
import io.datasetfs.read.Model;
import io.datasetfs.read.ReadCaches;
import io.datasetfs.read.VersionBuilder;
import io.datasetfs.read.fetch.Fetcher;
import io.datasetfs.store.MemoryObjectStore;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Random;

/** A committed version in memory, and areas over it. */
final class BaseFixture implements AutoCloseable {
  final MemoryObjectStore store = new MemoryObjectStore();
  final Fetcher fetcher = new Fetcher();
  final DatasetReader reader =
      new DatasetReader(store, Areas.DATASET, fetcher, ReadCaches.withDefaults());
  final TreeEntry.Directory root;
  final BaseSource source;

  BaseFixture(Model.Directory model) throws FsException {
    this.root = new VersionBuilder(store, Areas.DATASET, 7, 10_000).store(model);
    BaseVersion version = BaseVersion.of(reader.tree(root), reader);
    this.source = (dataset, id) -> version;
  }

  StagedVersion create(Path directory) throws FsException {
    return Areas.in(directory)
        .create(Areas.DATASET, Areas.VERSION, Optional.of(Areas.BASE), Areas.ROOT, source);
  }

  StagedVersion open(Path directory) throws FsException {
    return Areas.in(directory).open(Areas.DATASET, Areas.VERSION, source);
  }

  /** Opens as after a start of the machine that {@code boot} names. */
  StagedVersion openBooted(Path directory, Path boot) throws FsException {
    return new StagingAreas(directory.resolve("staging"), Clock.systemUTC(), boot)
        .open(Areas.DATASET, Areas.VERSION, source);
  }

  static byte[] random(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Override
  public void close() {
    fetcher.close();
  }
}
