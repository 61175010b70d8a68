package io.datasetfs.format;

/**
 * FNV-1a with a final mix: spreads names evenly enough to cut pages by. Readers do not depend on
 * it.
 */
final class NameHash {
  private NameHash() {}

  /** A non-negative hash. */
  static int of(byte[] name) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : name) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    hash ^= hash >>> 32;
    hash *= 0x9e3779b97f4a7c15L;
    return (int) (hash >>> 33);
  }
}
