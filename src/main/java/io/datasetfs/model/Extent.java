package io.datasetfs.model;

import java.util.Objects;

/**
 * A run of a file's bytes. A file's extents follow one another; where one begins is the sum of
 * those before it.
 */
public sealed interface Extent {
  /** The number of bytes that the extent covers. */
  long length();

  /**
   * Bytes held by a block.
   *
   * @param block the block
   * @param offset where the bytes begin in the decoded block
   * @param length the number of bytes
   */
  record Stored(BlockRef block, int offset, long length) implements Extent {
    /** Refuses a range outside the block with {@link IllegalArgumentException}. */
    public Stored {
      Objects.requireNonNull(block);
      if (offset < 0 || length <= 0 || offset + length > block.rawLength()) {
        throw new IllegalArgumentException("extent outside its block");
      }
    }
  }

  /**
   * Zeros that are stored nowhere.
   *
   * @param length the number of zeros
   */
  record Hole(long length) implements Extent {
    /** Refuses an empty hole with {@link IllegalArgumentException}. */
    public Hole {
      if (length <= 0) {
        throw new IllegalArgumentException("empty hole");
      }
    }
  }
}
