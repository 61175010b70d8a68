package io.datasetfs.read.fetch;

import io.datasetfs.format.PackLayout;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.store.ObjectStore;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What is said when blocks of a dataset cannot be had: it names the object. Thread-safe. */
public final class BlockFailures {
  private static final System.Logger LOG = System.getLogger(BlockFailures.class.getName());

  /** Places that were complained about; begun anew when there are too many. */
  private static final int MAX_REPORTED = 1000;

  private final ObjectStore store;
  private final DatasetId dataset;
  private final Set<String> reported = ConcurrentHashMap.newKeySet();

  BlockFailures(ObjectStore store, DatasetId dataset) {
    this.store = store;
    this.dataset = dataset;
  }

  /**
   * The failure as readers get it. A missing pack is damage, not a missing file; and what the store
   * says about access or keys is no property of the file that is read.
   */
  FsException failed(BlockRef ref, FsException cause) {
    return switch (cause.kind()) {
      case NOT_FOUND -> damaged(ref, "the object is gone", cause);
      case CORRUPT -> damaged(ref, cause.getMessage(), cause);
      case INTERRUPTED -> cause;
      case UNAVAILABLE, NEWER_FORMAT ->
          new FsException(cause.kind(), describe(ref, cause.getMessage()), cause);
      default -> new FsException(FailureKind.IO, describe(ref, cause.getMessage()), cause);
    };
  }

  /** A store that gives no answer. */
  FsException unavailable(BlockRef ref, String why) {
    return new FsException(FailureKind.UNAVAILABLE, describe(ref, why));
  }

  /** Logs that a block was right when it was fetched again. */
  void recovered(BlockRef ref, FsException first) {
    report(ref, "was right when fetched again: ", first.getMessage());
  }

  private FsException damaged(BlockRef ref, String why, FsException cause) {
    report(ref, "", why);
    return new FsException(FailureKind.CORRUPT, describe(ref, why), cause);
  }

  /** Logs a finding about a block, the first time. */
  private void report(BlockRef ref, String finding, String why) {
    if (reported.size() >= MAX_REPORTED) {
      reported.clear();
    }
    if (reported.add(keyOf(ref) + "@" + ref.offset() + finding)) {
      LOG.log(Level.WARNING, describe(ref, finding + why));
    }
  }

  private String describe(BlockRef ref, String why) {
    return "object %s in %s, block at %d: %s"
        .formatted(keyOf(ref), store.location(), ref.offset(), why);
  }

  private String keyOf(BlockRef ref) {
    return PackLayout.key(dataset, ref.pack());
  }
}
