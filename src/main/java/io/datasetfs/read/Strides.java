package io.datasetfs.read;

import io.datasetfs.read.Forecast.Range;
import java.util.ArrayList;
import java.util.List;

/**
 * Recognises runs that begin at a constant distance from one another, upward or downward. A run
 * counts when the next one begins: only then it is known where it began, since its requests may
 * have arrived in any order. Guarded by its {@link AccessPattern}.
 */
final class Strides {
  /** Equal distances, one after another, that make a pattern. */
  private static final int EQUAL = 2;

  private static final long JITTER = 128 << 10;
  private static final int JITTER_SHARE = 8;
  private static final int FIRST_AHEAD = 2;
  private static final int MAX_AHEAD = 64;

  /** What a short run costs at least: a block of it has to be fetched whole. */
  private static final long MIN_COST = 1 << 20;

  private final long size;
  private AccessRun before;
  private AccessRun last;
  private long distance;
  private int equal;
  private long length;

  /** How many runs to ask for, and how many of the next ones have been asked for. */
  private int aim;

  private int asked;
  private Interest interest = new Interest();

  Strides(long size) {
    this.size = size;
  }

  /** The length of the runs of the pattern, or 0 when there is none. */
  long length() {
    return equal >= EQUAL ? length : 0;
  }

  /**
   * Takes note of a new run.
   *
   * @param offset where the first of its reads began
   * @return what to load now, or {@code null} when nothing
   */
  Forecast begin(AccessRun run, long offset, AheadBudget budget) {
    if (before != null) {
      measure(last.begin() - before.begin());
    }
    before = last;
    last = run;
    if (equal < EQUAL) {
      return null;
    }
    long predicted = before.begin() + distance;
    if (Math.abs(offset - predicted) > tolerance() + length) {
      lose();
      return null;
    }
    asked = Math.max(0, asked - 1);
    if (asked > aim / 2) {
      return null;
    }
    long share = budget.share(this);
    int affordable = (int) Math.max(1, share / Math.max(MIN_COST, length));
    aim = Math.min(Math.min(MAX_AHEAD, affordable), aim == 0 ? FIRST_AHEAD : 2 * aim);
    return ask(predicted);
  }

  private void measure(long now) {
    length = equal == 0 ? before.length() : Math.max(before.length(), last.length());
    if (Math.abs(now - distance) <= tolerance() && Math.abs(now) > JITTER) {
      equal = Math.min(EQUAL, equal + 1);
    } else {
      lose();
      equal = 1;
    }
    distance = now;
  }

  private Forecast ask(long current) {
    List<Range> ranges = new ArrayList<>();
    for (; asked < aim; asked++) {
      long from = Math.max(0, current + (asked + 1) * distance);
      long to = Math.min(size, current + (asked + 1) * distance + length);
      if (from >= to) {
        break;
      }
      ranges.add(new Range(from, to));
    }
    return ranges.isEmpty() ? null : new Forecast(ranges, false, Range.NONE, interest);
  }

  private long tolerance() {
    return Math.min(JITTER, Math.abs(distance) / JITTER_SHARE);
  }

  private void lose() {
    equal = 0;
    aim = 0;
    if (asked > 0) {
      asked = 0;
      interest.close();
      interest = new Interest();
    }
  }

  void withdraw() {
    interest.close();
  }
}
