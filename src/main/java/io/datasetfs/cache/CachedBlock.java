package io.datasetfs.cache;

/**
 * What the index remembers about a block besides its digest. There may be a million of these: 32
 * bytes each. The fields that change are hints that any thread sets without a lock; what is lost in
 * a race is one use of a block.
 */
final class CachedBlock {
  /** Stands for a last use that nobody has looked up yet. */
  static final int UNKNOWN = 0;

  /** A block that has not been verified since the process began. */
  static final int UNVERIFIED = 0;

  private static final int MAX_USES = 100;

  private final int length;

  /** Of the file that was verified, see {@link OpenBlock}. */
  private volatile int fingerprint;

  /** Seconds since 1970, unsigned, as coarse as the cache writes it to disk. */
  private int lastUse;

  /** In units of the cache's choice. */
  private short countedAt;

  private byte uses;

  /** The last look at the directory that found the file. */
  private byte seen;

  CachedBlock(int length, int lastUse, int uses, byte seen) {
    this.length = length;
    this.lastUse = lastUse;
    this.uses = (byte) Math.min(MAX_USES, uses);
    this.seen = seen;
  }

  int length() {
    return length;
  }

  int lastUse() {
    return lastUse;
  }

  void setLastUse(int seconds) {
    lastUse = seconds;
  }

  int uses() {
    return uses;
  }

  int fingerprint() {
    return fingerprint;
  }

  /** Says that the file with this fingerprint has the right content. */
  void verified(int file) {
    fingerprint = file;
  }

  /** Whether this use counts: the parts of a block that are read one after the other are one. */
  boolean countUse(short time) {
    if (countedAt == time) {
      return false;
    }
    countedAt = time;
    if (uses < MAX_USES) {
      uses++;
    }
    return true;
  }

  byte seen() {
    return seen;
  }

  void seenBy(byte look) {
    seen = look;
  }
}
