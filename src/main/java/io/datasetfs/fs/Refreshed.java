package io.datasetfs.fs;

import io.datasetfs.model.FsException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A value that is read again, by a thread of its own, when somebody asks and it is too old. Who
 * asks waits for that a bounded time, counted from the beginning of the reading, and then gets the
 * last known value. Thread-safe; nothing is read under the lock.
 *
 * @param <T> the value; immutable
 */
final class Refreshed<T> implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Refreshed.class.getName());
  private static final int IDLE_SECONDS = 10;

  private final String what;
  private final Reader<T> reader;
  private final Freshness freshness;
  private final LongSupplier nanoClock;
  private final Runnable whenRead;
  private final ThreadPoolExecutor thread;

  // All guarded by this.
  private T value;
  private boolean loaded;
  private boolean healthy = true;
  private int failedOf;
  private long attempted;
  private long asOf;
  private int outdated;
  private int attemptedOf;
  private int valueOf;
  private Attempt running;

  /** A value that is empty until something has been read. */
  Refreshed(String what, T empty, Reader<T> reader, Freshness freshness, LongSupplier nanoClock) {
    this(what, empty, reader, () -> {}, freshness, nanoClock);
  }

  /**
   * @param what what is read, for the log
   * @param initial the value until something has been read
   * @param whenRead told after every successful reading, by the thread that reads
   */
  Refreshed(
      String what,
      T initial,
      Reader<T> reader,
      Runnable whenRead,
      Freshness freshness,
      LongSupplier nanoClock) {
    this.what = what;
    this.value = initial;
    this.reader = reader;
    this.whenRead = whenRead;
    this.freshness = freshness;
    this.nanoClock = nanoClock;
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread t = new Thread(task, "dsfs-refresh");
              t.setDaemon(true);
              return t;
            });
    this.thread.allowCoreThreadTimeOut(true);
  }

  /** The value as it was last read. */
  synchronized T known() {
    return value;
  }

  /** Begins to read again when the value is not quite new, for who has asked for it. */
  void refresh() {
    Attempt unused = begin(freshness.refreshAge());
  }

  /** Begins to read again when it is time to, though nobody may have asked since long. */
  void refresh(boolean idle) {
    Attempt unused = begin(idle ? freshness.idleAge() : freshness.refreshAge());
  }

  /** Says that what was read so far, or is being read now, is too old for everybody. */
  synchronized void outdate() {
    outdated++;
  }

  /** The value, waited for when it is too old. */
  T get() {
    return get(freshness.refreshAge(), freshness.maxAge(), freshness.patience());
  }

  /** The value, waited for when it is not quite new. */
  T getFresh() {
    return get(freshness.freshAge(), freshness.freshAge(), freshness.patience());
  }

  /** The value, waited for longer when it is not quite new: for who is about to say "no". */
  T getCertain() {
    return get(freshness.freshAge(), freshness.freshAge(), freshness.longPatience());
  }

  private T get(Duration refreshAge, Duration age, Duration patience) {
    // A reading that was under way when the value became outdated is followed by another.
    for (int tries = 0; tries < 2; tries++) {
      Attempt attempt = begin(refreshAge);
      if (attempt == null || !isOlder(age)) {
        break;
      }
      attempt.await(patience(attempt, patience));
    }
    return known();
  }

  private synchronized boolean isOlder(Duration age) {
    return !loaded || valueOf != outdated || nanoClock.getAsLong() - asOf >= age.toNanos();
  }

  /** How long this attempt is waited for by who is as patient as this with one that answers. */
  private synchronized Duration patience(Attempt attempt, Duration usual) {
    if (!healthy) {
      // After a change on this machine somebody seems to have had an answer.
      return attempt.of == failedOf ? freshness.patienceInOutage() : freshness.patience();
    }
    return loaded && valueOf == outdated ? usual : freshness.longPatience();
  }

  /** The attempt that is under way, or has just begun, or {@code null} when there is no need. */
  private synchronized Attempt begin(Duration age) {
    if (running != null) {
      return running;
    }
    long now = nanoClock.getAsLong();
    boolean first = !loaded && healthy;
    if (!first && attemptedOf == outdated && now - attempted < age.toNanos()) {
      return null;
    }
    Attempt attempt = new Attempt(now, outdated);
    try {
      thread.execute(attempt);
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      // closed, or there is no thread to be had just now
      return null;
    }
    attempted = now;
    attemptedOf = outdated;
    running = attempt;
    return attempt;
  }

  /** Returns whether the attempt before had succeeded. */
  private synchronized boolean end(Attempt attempt, T read, boolean ok) {
    boolean wasHealthy = healthy;
    if (ok) {
      value = read;
      loaded = true;
      asOf = attempt.begun;
      valueOf = attempt.of;
    } else {
      failedOf = attempt.of;
    }
    healthy = ok;
    running = null;
    return wasHealthy;
  }

  /** Ends the reading; the last known value stays. */
  @Override
  public void close() {
    thread.shutdownNow();
  }

  /**
   * Reads the value.
   *
   * @param <T> the value
   */
  interface Reader<T> {
    T read() throws FsException;
  }

  private final class Attempt implements Runnable {
    private final CountDownLatch done = new CountDownLatch(1);
    private final long begun;
    private final int of;
    private final long started = System.nanoTime();

    Attempt(long begun, int of) {
      this.begun = begun;
      this.of = of;
    }

    @Override
    public void run() {
      try {
        if (read()) {
          whenRead.run();
        }
      } catch (Throwable e) {
        LOG.log(Level.WARNING, what + ": unexpected failure after it was read", e);
      } finally {
        done.countDown();
      }
    }

    private boolean read() {
      T read;
      try {
        read = reader.read();
      } catch (Throwable e) {
        // Whatever it is: a reading that never ended would be the last one.
        if (end(this, null, false) && !thread.isShutdown()) {
          String why = e instanceof FsException ? e.getMessage() : e.toString();
          LOG.log(Level.WARNING, what + ": cannot be read, showing what was: " + why);
        }
        return false;
      }
      if (!end(this, read, true)) {
        LOG.log(Level.INFO, what + ": is back");
      }
      return true;
    }

    /** Waits until so long after the attempt began. */
    void await(Duration patience) {
      try {
        long left = started + patience.toNanos() - System.nanoTime();
        boolean ended = done.await(left, TimeUnit.NANOSECONDS);
        if (!ended) {
          LOG.log(Level.DEBUG, what + ": does not answer in time, showing what was");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
