package io.datasetfs.store;

import io.datasetfs.model.FsException;

/** Told of tries that failed and are made again, which a call may go through for long. */
@FunctionalInterface
public interface TroubleListener {
  /** Nobody is told. */
  TroubleListener NONE = failure -> {};

  /** A try has failed and will be made again. Called by the thread that makes the call. */
  void met(FsException failure);
}
