package io.datasetfs.fuse;

import io.datasetfs.model.FailureKind;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Keeps the log readable while every request meets the same trouble, as in an outage: the first few
 * are told, the rest of a minute is a number. Thread-safe.
 */
final class RepeatedTrouble {
  private static final int TOLD = 5;
  private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();

  private final LongSupplier nanoClock;

  /** Guarded by this. */
  private final Map<FailureKind, Window> windows = new EnumMap<>(FailureKind.class);

  private static final class Window {
    private final long begun;
    private int count;

    Window(long begun) {
      this.begun = begun;
    }
  }

  RepeatedTrouble(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /**
   * Whether this occurrence is to be told.
   *
   * @param log told how many were not, once that is known
   */
  boolean isToBeTold(FailureKind kind, Logger log) {
    int untold = 0;
    boolean told;
    synchronized (this) {
      long now = nanoClock.getAsLong();
      Window window = windows.get(kind);
      if (window == null || now - window.begun >= WINDOW_NANOS) {
        untold = window == null ? 0 : Math.max(0, window.count - TOLD);
        window = new Window(now);
        windows.put(kind, window);
      }
      told = ++window.count <= TOLD;
    }
    if (untold > 0) {
      log.log(Level.WARNING, "{0} more requests failed in this way ({1})", untold, kind);
    }
    return told;
  }
}
