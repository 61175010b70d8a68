package io.datasetfs.staging;

/** What {@code fallocate} does with a range. */
public enum AllocateMode {
  /** Reserves room and lengthens the file where the range goes beyond its end. */
  EXTEND(0),
  /** Reserves room and keeps the length. */
  KEEP_SIZE(1),
  /** Gives the room back; reads give zeros; the length stays. */
  PUNCH_HOLE(1 | 2),
  /** Makes zeros, and lengthens the file where the range goes beyond its end. */
  ZERO(16),
  /** Makes zeros and keeps the length. */
  ZERO_KEEP_SIZE(1 | 16);

  private final int flags;

  AllocateMode(int flags) {
    this.flags = flags;
  }

  /** The flags of Linux's {@code fallocate}. */
  public int flags() {
    return flags;
  }

  /** Whether the length stays as it is. */
  boolean keepsSize() {
    return (flags & 1) != 0;
  }

  /** Whether the range reads as zeros afterwards. */
  boolean clears() {
    return this != EXTEND && this != KEEP_SIZE;
  }
}
