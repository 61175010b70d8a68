package io.datasetfs.cache;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.FsException;

/**
 * Brings blocks from further away. Tiers stand before one another by this interface: what a tier
 * does not hold it loads from the one behind it, the last being the storage provider.
 */
@FunctionalInterface
public interface BlockLoader {
  /**
   * Loads a block and verifies it.
   *
   * @return exactly {@code ref.rawLength()} bytes that match {@code ref.digest()}; not to be
   *     changed
   * @throws FsException CORRUPT when what is stored is another thing or gone, UNAVAILABLE, IO,
   *     INTERRUPTED
   */
  byte[] load(BlockRef ref) throws FsException;
}
