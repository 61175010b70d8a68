package io.datasetfs.read;

/**
 * Decides what of a file to load ahead of its reader. It begins once reads follow one another and
 * ends when they do not. The kernel's own readahead sends several requests at once that may arrive
 * in any order, so reads count as following when they are near to where the last one ended.
 * Thread-safe.
 */
final class SequentialWindow {
  /** How far apart following reads may be. */
  private static final long SLACK = 1 << 20;

  /** How far the loading is ahead of the reader. */
  private static final long WINDOW = 3 << 20;

  /** How far behind what is loaded ahead everything has been read, in whatever order. */
  private static final long PASSED = WINDOW + 3 * SLACK;

  /** What is loaded ahead at a time: about a block. */
  private static final long STEP = 1 << 20;

  /** Reads that must have followed one another before anything is loaded ahead. */
  private static final int FOLLOWING = 2;

  private final long size;

  // Guarded by this.
  private long reader;
  private long loaded;
  private int following;

  SequentialWindow(long size) {
    this.size = size;
  }

  /**
   * Takes note of a read.
   *
   * @return what to load now, or {@code null} when nothing
   */
  synchronized Range advance(long offset, int length) {
    long end = offset + length;
    if (Math.abs(offset - reader) > SLACK) {
      reader = end;
      loaded = end;
      following = 0;
      return null;
    }
    following = Math.min(following + 1, FOLLOWING);
    reader = Math.max(reader, end);
    loaded = Math.max(loaded, reader);
    if (following < FOLLOWING || loaded >= Math.min(size, reader + WINDOW)) {
      return null;
    }
    Range range = new Range(loaded, Math.min(size, loaded + STEP));
    loaded = range.to();
    return range;
  }

  /**
   * A part of the file.
   *
   * @param from its first byte
   * @param to the byte behind its last
   */
  record Range(long from, long to) {
    /** The part that the reader has passed when it is time to load this one. */
    Range passed() {
      return new Range(Math.max(0, from - PASSED), Math.max(0, to - PASSED));
    }
  }
}
