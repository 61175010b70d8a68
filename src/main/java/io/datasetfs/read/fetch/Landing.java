package io.datasetfs.read.fetch;

import io.datasetfs.model.BlockRef;

/** Where blocks go when they have come and are verified. Thread-safe; called under a lock. */
public interface Landing {
  /** A block that has landed and is still here, or {@code null}. Cheap. */
  byte[] find(BlockRef ref);

  /** Takes a block; never changed by anybody. Returns soon. */
  void land(BlockRef ref, byte[] raw);
}
