package io.datasetfs.commit;

import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.store.ObjectStore;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;

/**
 * Stores a tree: chunks, hashes, deduplicates, compresses and packs its contents on all cores with
 * bounded memory. What it returns is stored and confirmed but named by nothing: until somebody
 * publishes it, it can be cut off anywhere without harm, and the next one makes use of what it
 * stored.
 */
final class TreePacker {
  private final ObjectStore store;
  private final DatasetId dataset;
  private final StoreAccess access;
  private final RandomGenerator random;
  private final int parallel;

  /**
   * @param dataset whose packs to add to
   * @param random names packs; must be cryptographically strong
   */
  TreePacker(ObjectStore store, DatasetId dataset, StoreAccess access, RandomGenerator random) {
    this.store = store;
    this.dataset = dataset;
    this.access = access;
    this.random = random;
    this.parallel = Math.max(2, Runtime.getRuntime().availableProcessors());
  }

  /**
   * Stores a tree.
   *
   * @param stored what need not be stored again
   * @param progress hears how far it is
   */
  ImportResult run(TreeSource source, StoredChunks stored, ImportProgress progress)
      throws FsException {
    try (PackUploader uploader = new PackUploader(store, dataset, access.uploads())) {
      DataPacks packs = new DataPacks(uploader, random);
      try (TreePacks pages = new TreePacks(stored.pages(), packs, uploader, random)) {
        TreeEntry.Directory root = pack(source, stored, packs, pages, progress);
        packs.flush();
        uploader.confirmAll();
        pages.flush();
        return new ImportResult(root, uploader.storedBytes());
      }
    }
  }

  private TreeEntry.Directory pack(
      TreeSource source,
      StoredChunks stored,
      DataPacks packs,
      TreePacks pages,
      ImportProgress progress)
      throws FsException {
    ImportBudget budget = new ImportBudget();
    ImportPipeline pipeline = new ImportPipeline(packs, new TreeBuilder(pages), budget, progress);
    ExecutorService workers =
        Executors.newFixedThreadPool(parallel, new NamedThreads("dsfs-encode"));
    ExecutorService walker = Executors.newSingleThreadExecutor(new NamedThreads("dsfs-walk"));
    EncoderPool encoders = new EncoderPool(stored.chunks());
    try {
      Intake intake = new Intake(budget, workers, encoders, pipeline::accept);
      walker.execute(() -> intake.take(source));
      return pipeline.run();
    } finally {
      Failures.shutDown(walker);
      if (Failures.shutDown(workers)) {
        encoders.close();
      }
    }
  }
}
