package io.datasetfs.commit;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.model.StorageProvider;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How an import deals with a store: where every request takes a round trip, many at once pay, and
 * so does remembering what never changes.
 *
 * @param uploads packs that are sent at once; each holds about 32 MiB of memory meanwhile
 * @param indexReads pack indexes that are read at once
 * @param indexes where the indexes of packs are kept; nothing to read them from the store every
 *     time
 */
public record StoreAccess(int uploads, int indexReads, Optional<Path> indexes) {
  /** A directory of this machine. */
  public static final StoreAccess NEAR = new StoreAccess(3, 8, Optional.empty());

  private static final int FAR_UPLOADS = 6;
  private static final int FAR_INDEX_READS = 24;

  /**
   * What suits the place of a dataset.
   *
   * @param indexes where the indexes of packs are kept that are far away
   */
  static StoreAccess of(Dataset dataset, Optional<Path> indexes) {
    return dataset.provider().type().equals(StorageProvider.LOCAL) ? NEAR : far(indexes);
  }

  /**
   * A server.
   *
   * @param indexes where the indexes of packs are kept
   */
  public static StoreAccess far(Optional<Path> indexes) {
    return new StoreAccess(FAR_UPLOADS, FAR_INDEX_READS, indexes);
  }
}
