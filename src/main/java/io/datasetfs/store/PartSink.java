package io.datasetfs.store;

import io.datasetfs.model.FsException;
import java.nio.ByteBuffer;

/**
 * Takes the parts of a range as they come, and is told why it takes long when the call has to be
 * made again.
 */
@FunctionalInterface
public interface PartSink {
  /**
   * Takes the next part.
   *
   * @param part all of its bytes, backed by an array; the sink's from now on
   * @throws FsException ends the call that brings the parts, which throws it on
   */
  void take(ByteBuffer part) throws FsException;

  /** As {@link TroubleListener#met}; nobody is told unless this is overridden. */
  default void met(FsException failure) {}
}
