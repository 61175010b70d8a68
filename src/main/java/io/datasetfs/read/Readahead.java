package io.datasetfs.read;

import io.datasetfs.model.FsException;
import java.lang.System.Logger.Level;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A few threads that load what sequential readers will want next, so that verification goes on
 * while the current block is served. Work that finds them all busy is dropped: the reader then
 * loads for itself. Thread-safe.
 */
public final class Readahead implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Readahead.class.getName());
  private static final int QUEUED = 16;
  private static final int IDLE_SECONDS = 10;

  private final ThreadPoolExecutor pool;

  /** Loads ahead with up to {@code threads} threads. */
  public Readahead(int threads) {
    AtomicInteger number = new AtomicInteger();
    pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUED),
            task -> {
              Thread thread = new Thread(task, "dsfs-readahead-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.DiscardPolicy());
    pool.allowCoreThreadTimeOut(true);
  }

  /** One thread a processor. */
  public static Readahead withDefaults() {
    return new Readahead(Math.max(2, Runtime.getRuntime().availableProcessors()));
  }

  void submit(Work work) {
    pool.execute(
        () -> {
          try {
            work.run();
          } catch (FsException e) {
            // Nobody has asked for it yet; who does meets the failure.
            LOG.log(Level.DEBUG, "could not load ahead: " + e.getMessage());
          }
        });
  }

  /** Ends the threads without waiting for what they load. */
  @Override
  public void close() {
    pool.shutdownNow();
  }

  /** Loads something ahead. */
  interface Work {
    void run() throws FsException;
  }
}
