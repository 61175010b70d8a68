package io.datasetfs.model;

import java.util.Objects;

/**
 * Where a block is stored and how to know that it is right: all that a reader needs to fetch it.
 *
 * @param pack the pack's id
 * @param offset where the stored bytes begin in the pack object
 * @param storedLength the number of stored bytes
 * @param rawLength the number of bytes after decoding
 * @param codec how the bytes are stored
 * @param digest SHA-256 of the bytes after decoding
 */
public record BlockRef(
    PackId pack, long offset, int storedLength, int rawLength, Codec codec, Digest digest) {
  /** Refuses impossible lengths with {@link IllegalArgumentException}. */
  public BlockRef {
    Objects.requireNonNull(pack);
    Objects.requireNonNull(codec);
    Objects.requireNonNull(digest);
    if (offset < 0 || storedLength < 0 || rawLength < 0) {
      throw new IllegalArgumentException("negative block bounds");
    }
  }
}
