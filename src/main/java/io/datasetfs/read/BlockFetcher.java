package io.datasetfs.read;

import io.datasetfs.cache.BlockLoader;
import io.datasetfs.format.BlockCodec;
import io.datasetfs.format.PackLayout;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.store.ObjectStore;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Fetches blocks of one dataset from its store and verifies them. A block that is not what it must
 * be is fetched once more, then it counts as damaged: the failure and the log name the object.
 * Thread-safe.
 */
public final class BlockFetcher implements BlockLoader {
  private static final System.Logger LOG = System.getLogger(BlockFetcher.class.getName());

  /** Places that were complained about; begun anew when there are too many. */
  private static final int MAX_REPORTED = 1000;

  private final ObjectStore store;
  private final DatasetId dataset;
  private final Set<String> reported = ConcurrentHashMap.newKeySet();

  /** Fetches the blocks of {@code dataset} from {@code store}. */
  public BlockFetcher(ObjectStore store, DatasetId dataset) {
    this.store = store;
    this.dataset = dataset;
  }

  @Override
  public byte[] load(BlockRef ref) throws FsException {
    try {
      return fetch(ref);
    } catch (FsException first) {
      if (first.kind() != FailureKind.CORRUPT) {
        throw failed(ref, first);
      }
      return fetchAgain(ref, first);
    }
  }

  private byte[] fetchAgain(BlockRef ref, FsException first) throws FsException {
    try {
      byte[] raw = fetch(ref);
      report(ref, "was right when fetched again: ", first.getMessage());
      return raw;
    } catch (FsException second) {
      throw failed(ref, second);
    }
  }

  private byte[] fetch(BlockRef ref) throws FsException {
    if (ref.storedLength() > BlockCodec.MAX_BYTES) {
      throw new FsException(FailureKind.CORRUPT, "a block cannot be that long");
    }
    return BlockCodec.decode(ref, store.getRange(keyOf(ref), ref.offset(), ref.storedLength()));
  }

  /**
   * The failure as readers get it. A missing pack is damage, not a missing file; and what the store
   * says about access or keys is no property of the file that is read.
   */
  private FsException failed(BlockRef ref, FsException cause) {
    return switch (cause.kind()) {
      case NOT_FOUND -> damaged(ref, "the object is gone", cause);
      case CORRUPT -> damaged(ref, cause.getMessage(), cause);
      case INTERRUPTED -> cause;
      case UNAVAILABLE, NEWER_FORMAT ->
          new FsException(cause.kind(), describe(ref, cause.getMessage()), cause);
      default -> new FsException(FailureKind.IO, describe(ref, cause.getMessage()), cause);
    };
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
