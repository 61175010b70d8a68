package io.datasetfs.fuse;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.staging.AllocateMode;

/** The flags of {@code fallocate}. */
public final class Allocations {
  private Allocations() {}

  /**
   * What flags ask for.
   *
   * @throws FsException UNSUPPORTED for what files have not here
   */
  public static AllocateMode of(int flags) throws FsException {
    for (AllocateMode mode : AllocateMode.values()) {
      if (mode.flags() == flags) {
        return mode;
      }
    }
    throw new FsException(FailureKind.UNSUPPORTED, "allocating with flags " + flags);
  }
}
