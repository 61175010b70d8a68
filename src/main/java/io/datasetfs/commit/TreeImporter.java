package io.datasetfs.commit;

import io.datasetfs.model.DatasetId;
import io.datasetfs.model.Digest;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Utf8;
import io.datasetfs.store.ObjectStore;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;

/**
 * Brings local files into a dataset's store. What it returns is stored and confirmed but named by
 * nothing: until somebody publishes it, an import can be cut off anywhere without harm, and the
 * next one makes use of what it stored.
 */
public final class TreeImporter {
  private final ObjectStore store;
  private final DatasetId dataset;
  private final StoreAccess access;
  private final Optional<Path> cacheDirectory;
  private final RandomGenerator random;
  private final Clock clock;

  /**
   * @param store where the dataset is
   * @param dataset whose packs to add to and to share with
   * @param access how to deal with the store
   * @param cacheDirectory where to remember what the source's files held; nothing to read every
   *     file every time
   * @param random names packs; must be cryptographically strong
   * @param clock tells now
   */
  public TreeImporter(
      ObjectStore store,
      DatasetId dataset,
      StoreAccess access,
      Optional<Path> cacheDirectory,
      RandomGenerator random,
      Clock clock) {
    this.store = store;
    this.dataset = dataset;
    this.access = access;
    this.cacheDirectory = cacheDirectory;
    this.random = random;
    this.clock = clock;
  }

  /**
   * Imports a source.
   *
   * @param source what to import
   * @param listener hears how far it is
   * @throws FsException naming the file or object that is in the way: SOURCE_CHANGED, SPECIAL_FILE,
   *     ILLEGAL_NAME, ACCESS_DENIED, NO_SPACE, INTERRUPTED and what the store gives
   */
  public ImportResult run(ImportSource source, ImportProgress listener) throws FsException {
    ImportProgress progress = new SerialProgress(listener);
    ExecutorService scan = Executors.newSingleThreadExecutor(new NamedThreads("dsfs-scan"));
    ExecutorService listers = Executors.newFixedThreadPool(2, new NamedThreads("dsfs-list"));
    try {
      if (progress.wantsTotals()) {
        scan.execute(new SourceScan(source, progress));
      }
      StoredChunks stored = StoredChunks.load(store, dataset, access);
      try (ImportLookup lookup = ImportLookup.open(cacheFile(source), stored.chunks(), clock)) {
        ImportResult imported =
            new TreePacker(store, dataset, access, random)
                .run(new SourceWalk(source, lookup, listers), stored, progress);
        lookup.keep();
        return imported;
      }
    } finally {
      Failures.shutDown(listers);
      Failures.shutDown(scan);
    }
  }

  private Optional<Path> cacheFile(ImportSource source) {
    String identity = store.location() + '\0' + dataset + '\0' + source.identity();
    String name = Digest.compute(Utf8.encode(identity)).toString();
    return cacheDirectory.map(directory -> directory.resolve(name));
  }
}
