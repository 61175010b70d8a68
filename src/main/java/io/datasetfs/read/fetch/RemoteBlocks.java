package io.datasetfs.read.fetch;

import io.datasetfs.cache.BlockLoader;
import io.datasetfs.format.BlockCodec;
import io.datasetfs.format.PackLayout;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.util.List;

/**
 * The blocks of one dataset as they are at its storage provider, verified. A block that is not what
 * it must be is fetched once more, then it counts as damaged: the failure and the log name the
 * object. Thread-safe.
 */
public final class RemoteBlocks implements BlockLoader {
  private final StoreQueue queue;
  private final DatasetId dataset;
  private final Landing landing;
  private final BlockFailures failures;

  RemoteBlocks(StoreQueue queue, DatasetId dataset, Landing landing, BlockFailures failures) {
    this.queue = queue;
    this.dataset = dataset;
    this.landing = landing;
    this.failures = failures;
  }

  /**
   * Fetches a block, or waits for it when it is under way already.
   *
   * @throws FsException CORRUPT when what is stored is another thing or gone; UNAVAILABLE, also
   *     when the deadline has passed or the store has not answered for longer than that; IO;
   *     INTERRUPTED, also when the calling thread {@linkplain OnBehalf works for} somebody who is
   *     gone
   */
  @Override
  public byte[] load(BlockRef ref) throws FsException {
    if (ref.storedLength() > BlockCodec.MAX_BYTES || ref.rawLength() > BlockCodec.MAX_BYTES) {
      throw failures.failed(
          ref, new FsException(FailureKind.CORRUPT, "a block cannot be that long"));
    }
    return queue.load(this, ref);
  }

  /**
   * Asks for blocks that will be wanted soon, the first of them first. Returns at once; failures
   * are left to whoever really wants a block.
   *
   * @param wish withdrawn when they are no longer wanted
   */
  public void ahead(List<BlockRef> refs, Wish wish) {
    queue.ahead(this, refs, wish);
  }

  DatasetId dataset() {
    return dataset;
  }

  Landing landing() {
    return landing;
  }

  BlockFailures failures() {
    return failures;
  }

  String keyOf(BlockRef ref) {
    return PackLayout.key(dataset, ref.pack());
  }
}
