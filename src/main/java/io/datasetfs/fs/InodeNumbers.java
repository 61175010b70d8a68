package io.datasetfs.fs;

/**
 * The numbers of inodes: 63 bits mixed from the number of the directory and the name in it, so that
 * they are the same in every mount, in listings and in answers to {@code stat}, and nobody has to
 * remember them.
 *
 * <p>Two of n inodes in sight of a mount share a number with a probability of about n² / 2⁶⁴: one
 * in twenty million for a version with a million entries. Programs would take the two for hard
 * links of one file; nothing here looks anything up by number.
 */
final class InodeNumbers {
  /** The top directory. */
  static final long ROOT = 1;

  private static final int CHARS_IN_LONG = 4;

  private InodeNumbers() {}

  /** The number of {@code name} in the directory numbered {@code parent}. */
  static long of(long parent, String name) {
    long hash = mix(parent);
    int length = name.length();
    for (int i = 0; i < length; i += CHARS_IN_LONG) {
      long word = 0;
      for (int j = i; j < Math.min(length, i + CHARS_IN_LONG); j++) {
        word = word << Character.SIZE | name.charAt(j);
      }
      hash = mix(hash ^ word);
    }
    long number = mix(hash + length) >>> 1;
    return number > ROOT ? number : number + 2;
  }

  /** The number of what has a number of its own below what is numbered {@code parent}. */
  static long of(long parent, long own) {
    long number = mix(mix(parent) ^ own) >>> 1;
    return number > ROOT ? number : number + 2;
  }

  /** The final mix of MurmurHash3: each bit of the result depends on each of {@code z}. */
  private static long mix(long z) {
    long x = z + 0x9e3779b97f4a7c15L;
    x = (x ^ (x >>> 33)) * 0xff51afd7ed558ccdL;
    x = (x ^ (x >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return x ^ (x >>> 33);
  }
}
