package io.datasetfs.read;

import io.datasetfs.read.Forecast.Range;
import java.util.List;

/**
 * Reads near to one another, and what has been asked for ahead of them once they go in one
 * direction. The kernel's own readahead sends several requests at once that arrive in any order, so
 * a read may leave a gap that a later one fills. Guarded by its {@link AccessPattern}.
 */
final class AccessRun {
  private static final long MIB = 1 << 20;

  /** How far from what has been read a read may be, before the run has a direction. */
  private static final long SLACK = 512 << 10;

  /** The same behind and before the front of a run that has one. */
  private static final long FRONT_SLACK = MIB;

  /** How far behind the front everything has been read, in whatever order. */
  private static final long PASSED = 4 * FRONT_SLACK;

  /** What is let go at a time. */
  private static final long RELEASED = 2 * MIB;

  /** Reads that extended the run in one direction, the first one not counted. */
  private static final int EXTENDED = 3;

  /** What fewer of them must have read: at random, neighbours are met now and then. */
  private static final long EXTENDED_BYTES = 384 << 10;

  /** The same at the begin of the file: more than who looks at a header makes the kernel read. */
  private static final long FIRST_BYTES = 192 << 10;

  /** The same when they left gaps that may never be filled. */
  private static final int EXTENDED_WITH_GAPS = 4;

  /** From here on a third of what is ahead makes a request that is large enough. */
  private static final long LARGE_WINDOW = 24 * MIB;

  private static final long SHORT_RUN = MIB;
  private static final long LONG_RUN = 4 * MIB;

  private final Interest interest = new Interest();
  private final long size;
  private long begin;
  private long end;
  private long bytes;
  private int up;
  private int down;

  /** 0 until the run has a direction, then 1 or -1. */
  private int direction;

  /** How far the file was asked for: the upper end forward, the lower one backward. */
  private long asked;

  private long released;
  private long window;

  AccessRun(long size, long offset, long end) {
    this.size = size;
    this.begin = offset;
    this.end = end;
    this.bytes = end - offset;
  }

  /** Where its lowest read began. */
  long begin() {
    return begin;
  }

  long length() {
    return end - begin;
  }

  boolean hasDirection() {
    return direction != 0;
  }

  /** Whether much was asked for in vain, were the reader to stop now. */
  boolean isWasteful() {
    return direction != 0 && (direction > 0 ? asked - end : begin - asked) > length() / 2;
  }

  boolean isNear(long offset, long readEnd) {
    long slack = Math.max(SLACK, readEnd - offset);
    if (direction == 0) {
      return offset < end + slack && readEnd > begin - slack;
    }
    slack = Math.max(FRONT_SLACK, slack);
    return direction > 0
        ? offset <= end + slack && offset >= end - slack
        : readEnd >= begin - slack && readEnd <= begin + slack;
  }

  void add(long offset, long readEnd) {
    bytes += readEnd - offset;
    if (readEnd > end) {
      up++;
      end = readEnd;
    }
    if (offset < begin) {
      down++;
      begin = offset;
    }
  }

  /** Whether the reads are a sequence by now. */
  boolean goes() {
    return up > 2 * down ? isEnough(up) : down > 2 * up && isEnough(down);
  }

  private boolean isEnough(int extended) {
    boolean dense = bytes >= length() - length() / 4;
    // Who begins at the file's begin probably goes on.
    long enough = begin == 0 ? FIRST_BYTES : EXTENDED_BYTES;
    return extended >= EXTENDED_WITH_GAPS || (dense && (extended >= EXTENDED || bytes >= enough));
  }

  /** Gives it the direction that most of its reads had. */
  void setOut() {
    direction = down > up ? -1 : 1;
    asked = direction > 0 ? end : begin;
    released = begin;
  }

  /**
   * What to do now.
   *
   * @param share what may be ahead of the reader, in bytes
   * @return {@code null} when nothing
   */
  Forecast next(long share) {
    Range passed = passed();
    Range range = direction > 0 ? ahead(share) : below(share);
    if (range.isEmpty() && passed.isEmpty()) {
      return null;
    }
    return new Forecast(
        range.isEmpty() ? List.of() : List.of(range), direction < 0, passed, interest);
  }

  /** All that is left of the file. */
  Forecast rest() {
    asked = size;
    return new Forecast(List.of(new Range(end, size)), false, Range.NONE, interest);
  }

  /** Whether enough of what was asked for has been read to ask again. */
  boolean isDue() {
    return direction > 0
        ? asked < size && asked - end <= window - step()
        : asked > 0 && begin - asked <= window - step();
  }

  /**
   * What is asked for at a time: so much that it fills a request, and several of them go at once.
   */
  private long step() {
    return window >= LARGE_WINDOW ? window / 3 : window / 2;
  }

  private Range ahead(long share) {
    if (!isDue()) {
      return Range.NONE;
    }
    window = window(share);
    long from = Math.max(asked, end);
    asked = Math.min(size, Math.max(from, end + window));
    return new Range(from, asked);
  }

  private Range below(long share) {
    if (!isDue()) {
      return Range.NONE;
    }
    window = window(share);
    long to = Math.min(asked, begin);
    asked = Math.max(0, Math.min(to, begin - window));
    return new Range(asked, to);
  }

  /**
   * Grows with what has been read: little at first, for who only looks at a file's begin, then
   * fast, since each step may cost a round trip.
   */
  private long window(long share) {
    long read = Math.min(bytes, length());
    long wanted = read < SHORT_RUN ? SHORT_RUN : read < LONG_RUN ? 2 * read : 4 * read;
    return Math.min(wanted, share);
  }

  private Range passed() {
    long to = end - PASSED;
    if (direction < 0 || to - released < RELEASED) {
      return Range.NONE;
    }
    Range range = new Range(released, to);
    released = to;
    return range;
  }

  void withdraw() {
    interest.close();
  }
}
