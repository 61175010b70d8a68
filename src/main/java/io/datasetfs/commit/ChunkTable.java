package io.datasetfs.commit;

import io.datasetfs.model.Digest;
import java.util.Arrays;

/**
 * Which chunks are stored already, or are about to be, and where: what deduplication asks. An
 * open-addressing table in plain arrays, about 70 bytes a chunk, since a large dataset has
 * millions. Thread-safe; guarded by its own monitor.
 */
final class ChunkTable {
  private static final int WORDS = 4;

  private long[] digests;
  private BlockSlot[] slots;
  private int[] offsets;
  private int[] lengths;
  private int size;

  ChunkTable() {
    allocate(1 << 12);
  }

  private void allocate(int capacity) {
    digests = new long[capacity * WORDS];
    slots = new BlockSlot[capacity];
    offsets = new int[capacity];
    lengths = new int[capacity];
  }

  /** Where the chunk is, or {@code null} when it is unknown. */
  synchronized Placement find(Digest digest) {
    int at = locate(digest);
    return slots[at] == null ? null : new Placement(slots[at], offsets[at], lengths[at]);
  }

  /**
   * Says where a chunk will be, unless that is known.
   *
   * @return where it is already, or {@code null} when the claim holds: the caller is the one to
   *     store it
   */
  synchronized Placement claim(Digest digest, BlockSlot slot, int offset, int length) {
    int at = locate(digest);
    if (slots[at] != null) {
      return new Placement(slots[at], offsets[at], lengths[at]);
    }
    for (int word = 0; word < WORDS; word++) {
      digests[at * WORDS + word] = digest.word(word);
    }
    slots[at] = slot;
    offsets[at] = offset;
    lengths[at] = length;
    size++;
    if (size * 3 > slots.length * 2) {
      grow();
    }
    return null;
  }

  synchronized int size() {
    return size;
  }

  /** The chunk's place in the arrays, or the free one where it belongs. */
  private int locate(Digest digest) {
    int mask = slots.length - 1;
    int at = (int) digest.word(0) & mask;
    while (slots[at] != null && !holds(at, digest)) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private boolean holds(int at, Digest digest) {
    int from = at * WORDS;
    return digests[from] == digest.word(0)
        && digests[from + 1] == digest.word(1)
        && digests[from + 2] == digest.word(2)
        && digests[from + 3] == digest.word(3);
  }

  private void grow() {
    long[] oldDigests = digests;
    BlockSlot[] oldSlots = slots;
    int[] oldOffsets = offsets;
    int[] oldLengths = lengths;
    allocate(Math.multiplyExact(oldSlots.length, 2));
    int mask = slots.length - 1;
    for (int i = 0; i < oldSlots.length; i++) {
      if (oldSlots[i] != null) {
        int at = (int) oldDigests[i * WORDS] & mask;
        while (slots[at] != null) {
          at = (at + 1) & mask;
        }
        System.arraycopy(oldDigests, i * WORDS, digests, at * WORDS, WORDS);
        slots[at] = oldSlots[i];
        offsets[at] = oldOffsets[i];
        lengths[at] = oldLengths[i];
      }
    }
    Arrays.fill(oldSlots, null);
  }
}
