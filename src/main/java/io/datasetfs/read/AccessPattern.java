package io.datasetfs.read;

/**
 * Decides what of an open file to load ahead of its readers: nothing while reads are at random, a
 * growing window along sequential ones in either direction, several of them at a time, and the next
 * pieces of strided ones. Costs a read a look at a few runs. Thread-safe.
 */
final class AccessPattern implements AutoCloseable {
  /** Files that are loaded whole when a read begins them as one that goes on would. */
  private static final long WHOLE = 4 << 20;

  /** Files whose rest costs so little that any read of their begin loads them. */
  private static final long CHEAP = 1 << 20;

  /** Who only looks at a header reads less at first: the kernel rounds up to 16 KiB or so. */
  private static final int DETERMINED = 64 << 10;

  /** First reads as long as the kernel sends them, for who reads with a large buffer. */
  private static final int LONG_READ = 128 << 10;

  private static final int RUNS = 8;
  private static final long MAX_PATIENCE = 8 << 20;
  private static final long FIRST_PATIENCE = 512 << 10;

  private final long size;
  private final AheadBudget budget;

  // All below is guarded by this. The runs are in the order of their use, the last one first.
  private final AccessRun[] runs = new AccessRun[RUNS];
  private final Strides strides;

  /** What a run must have read before it is believed; more once that was wrong. */
  private long patience;

  private boolean closed;

  AccessPattern(long size, AheadBudget budget) {
    this.size = size;
    this.budget = budget;
    this.strides = new Strides(size);
  }

  /**
   * Takes note of a read.
   *
   * @return what to do now, or {@code null} when nothing
   */
  synchronized Forecast advance(long offset, int length) {
    if (closed) {
      return null;
    }
    long end = offset + length;
    int i = find(offset, end);
    if (i < 0) {
      return begin(offset, end);
    }
    AccessRun run = runs[i];
    moveToFront(i, run);
    run.add(offset, end);
    if (!run.hasDirection()) {
      if (!run.goes() || run.length() < patience || run.length() <= 3 * strides.length() / 2) {
        return null;
      }
      run.setOut();
    }
    return next(run);
  }

  /** The run that a read belongs to: rather one that has a direction than a newer one, or -1. */
  private int find(long offset, long end) {
    int found = -1;
    for (int i = 0; i < RUNS && runs[i] != null; i++) {
      if (runs[i].isNear(offset, end)) {
        if (runs[i].hasDirection()) {
          return i;
        }
        found = found < 0 ? i : found;
      }
    }
    return found;
  }

  private Forecast begin(long offset, long end) {
    if (runs[0] != null && runs[0].hasDirection()) {
      judge(runs[0]);
    }
    boolean first = runs[0] == null;
    AccessRun run = new AccessRun(size, offset, end);
    AccessRun oldest = runs[RUNS - 1];
    if (oldest != null) {
      leave(oldest);
    }
    moveToFront(RUNS - 1, run);
    if (first && offset == 0) {
      return first(run, end);
    }
    return strides.begin(run, offset, budget);
  }

  private Forecast first(AccessRun run, long end) {
    strides.begin(run, 0, budget);
    if (size <= CHEAP || (size <= WHOLE && end >= DETERMINED)) {
      run.setOut();
      return end < size ? run.rest() : null;
    }
    if (end < LONG_READ) {
      return null;
    }
    run.setOut();
    return next(run);
  }

  private Forecast next(AccessRun run) {
    return run.next(run.isDue() ? budget.share(run) : 0);
  }

  /** Learns from a run that was left: it had better be longer the next time. */
  private void judge(AccessRun left) {
    budget.leave(left);
    if (left.isWasteful()) {
      patience = Math.min(MAX_PATIENCE, Math.max(FIRST_PATIENCE, 2 * patience));
    } else {
      patience = patience > FIRST_PATIENCE ? patience / 2 : 0;
    }
  }

  private void moveToFront(int i, AccessRun run) {
    System.arraycopy(runs, 0, runs, 1, i);
    runs[0] = run;
  }

  /** Wants nothing any more. */
  @Override
  public synchronized void close() {
    closed = true;
    for (AccessRun run : runs) {
      if (run != null) {
        leave(run);
      }
    }
    strides.withdraw();
    budget.leave(strides);
  }

  private void leave(AccessRun run) {
    run.withdraw();
    budget.leave(run);
  }
}
