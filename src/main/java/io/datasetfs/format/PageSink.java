package io.datasetfs.format;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.FsException;

/** Takes finished pages. */
@FunctionalInterface
public interface PageSink {
  /**
   * Stores a page, or finds it stored already.
   *
   * @param page the whole page; kept
   * @return where it is
   */
  BlockRef store(byte[] page) throws FsException;
}
