package io.datasetfs.commit;

import io.datasetfs.model.Digest;
import java.util.List;

/**
 * What a file's bytes turned out to be.
 *
 * @param size their number
 * @param digest SHA-256 of them
 * @param inline the bytes themselves, when they are few; else {@code null}
 * @param parts the chunks that they consist of; empty when inline
 */
record FileResult(long size, Digest digest, byte[] inline, List<Part> parts) {
  /**
   * One chunk of a file.
   *
   * @param digest SHA-256 of it; {@code null} for a hole
   * @param placement where it is or will be
   */
  record Part(Digest digest, Placement placement) {}

  boolean isReady() {
    for (Part part : parts) {
      if (!part.placement().isReady()) {
        return false;
      }
    }
    return true;
  }
}
