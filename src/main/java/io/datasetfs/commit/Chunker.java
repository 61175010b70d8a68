package io.datasetfs.commit;

import io.datasetfs.model.Digest;

/**
 * Cuts large files where their content says so, that an insertion moves only the cuts near it:
 * FastCDC with normalised chunking (Xia et al., USENIX ATC 2016): a gear hash over the bytes, a
 * strict mask before the target length and a loose one behind it. Where cuts fall decides how well
 * data is shared, never whether it can be read.
 */
public final class Chunker {
  /** No chunk but a file's last is shorter. */
  public static final int MIN = 256 << 10;

  /** Around this length most cuts fall. */
  public static final int TARGET = 512 << 10;

  /** No chunk is longer. A chunk is one block, so that a random read fetches no more than this. */
  public static final int MAX = 1 << 20;

  // The upper bits of a gear hash are those that the most bytes have had a say in.
  private static final long STRICT = -1L << 44;
  private static final long LOOSE = -1L << 47;

  private static final long[] GEAR = gear();

  private Chunker() {}

  private static long[] gear() {
    long[] table = new long[256];
    for (int i = 0; i < table.length; i++) {
      // Random numbers that everyone can compute: the first word of SHA-256 of the byte.
      table[i] = Digest.compute(new byte[] {(byte) i}).word(0);
    }
    return table;
  }

  /**
   * The length of the next chunk.
   *
   * @param bytes holds the rest of the file, or as much of it as there is room for
   * @param from where the chunk begins
   * @param to where the known bytes end; less than {@link #MAX} behind {@code from} only at the
   *     file's end
   * @return the chunk's length, at most {@link #MAX}
   */
  public static int next(byte[] bytes, int from, int to) {
    int available = Math.min(to - from, MAX);
    if (available <= MIN) {
      return available;
    }
    int target = from + Math.min(available, TARGET);
    int end = from + available;
    // The hash looks back over 64 bytes: starting it that much earlier makes it independent of the
    // chunk's begin.
    int i = from + MIN - 64;
    long hash = 0;
    for (int warm = i + 64; i < warm; i++) {
      hash = (hash << 1) + GEAR[bytes[i] & 0xff];
    }
    for (; i < target; i++) {
      hash = (hash << 1) + GEAR[bytes[i] & 0xff];
      if ((hash & STRICT) == 0) {
        return i + 1 - from;
      }
    }
    for (; i < end; i++) {
      hash = (hash << 1) + GEAR[bytes[i] & 0xff];
      if ((hash & LOOSE) == 0) {
        return i + 1 - from;
      }
    }
    return available;
  }
}
