package io.datasetfs.cache;

import io.datasetfs.model.Digest;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Blocks on their way to the disk, bounded in bytes, and the threads that write them. Its own lock
 * guards the queue; no block is written under it.
 */
final class BlockWriter implements AutoCloseable {
  /** How long who offers a block waits for room, while the disk keeps up otherwise. */
  private static final long PATIENCE_MILLIS = 20;

  private static final long END_MILLIS = 10_000;

  private static final System.Logger LOG = System.getLogger(BlockWriter.class.getName());

  private final Target target;
  private final long maxBytes;
  private final List<Thread> threads = new ArrayList<>();
  private final Map<Digest, Task> pending = new ConcurrentHashMap<>();
  private final AtomicBoolean warned = new AtomicBoolean();

  // guarded by this
  private final Queue<Task> queue = new ArrayDeque<>();
  private long bytes;
  private boolean slow;
  private boolean closed;

  /** Where blocks go. */
  @FunctionalInterface
  interface Target {
    /** Writes a block; whether it is there now. Never throws. */
    boolean write(Digest digest, byte[] raw, boolean wanted);
  }

  private record Task(
      Digest digest, byte[] raw, boolean wanted, CompletableFuture<Boolean> written) {}

  /**
   * @param name what is written, for the threads' names
   * @param maxBytes bound of what waits
   */
  BlockWriter(String name, int threadCount, long maxBytes, Target target) {
    this.target = target;
    this.maxBytes = maxBytes;
    for (int i = 1; i <= threadCount; i++) {
      Thread thread = new Thread(this::work, "dsfs-cache-" + name + "-" + i);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
  }

  /** A block that is on its way; {@code null} when it is not. */
  byte[] find(Digest digest) {
    Task task = pending.get(digest);
    return task == null ? null : task.raw();
  }

  /** Whether the queue is more than half full. */
  synchronized boolean isHurried() {
    return bytes > maxBytes / 2;
  }

  /**
   * Takes a block if there is room or soon will be. A disk that has kept somebody waiting in vain
   * keeps nobody waiting until half of the queue is written.
   */
  boolean offer(Digest digest, byte[] raw) {
    Task task = new Task(digest, raw, false, new CompletableFuture<>());
    try {
      return enqueue(task, PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Takes a block that is to be kept, and waits until it is written; whether it was. */
  boolean keep(Digest digest, byte[] raw) throws InterruptedException {
    Task task = new Task(digest, raw, true, new CompletableFuture<>());
    if (!enqueue(task, Long.MAX_VALUE / 2)) {
      return false;
    }
    try {
      return task.written().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a block was not written, unexpectedly", e);
    }
  }

  private synchronized boolean enqueue(Task task, long patience) throws InterruptedException {
    long until = System.currentTimeMillis() + patience;
    while (!closed && bytes > 0 && bytes + task.raw().length > maxBytes) {
      long left = task.wanted() ? PATIENCE_MILLIS : until - System.currentTimeMillis();
      if (left <= 0 || (slow && !task.wanted())) {
        slow = true;
        return false;
      }
      wait(left);
    }
    if (closed) {
      return false;
    }
    bytes += task.raw().length;
    queue.add(task);
    pending.put(task.digest(), task);
    notifyAll();
    return true;
  }

  private void work() {
    while (true) {
      Task task;
      try {
        task = next();
      } catch (InterruptedException e) {
        return;
      }
      if (task == null) {
        return;
      }
      boolean written = false;
      try {
        written = target.write(task.digest(), task.raw(), task.wanted());
      } catch (Throwable e) {
        // the thread goes on: others wait for what it has still to write
        warn(e);
      } finally {
        pending.remove(task.digest(), task);
        done(task);
        task.written().complete(written);
      }
    }
  }

  private void warn(Throwable unexpected) {
    if (warned.compareAndSet(false, true)) {
      LOG.log(Level.WARNING, "unexpected failure of the cache, blocks are not kept", unexpected);
    }
  }

  private synchronized Task next() throws InterruptedException {
    while (queue.isEmpty()) {
      if (closed) {
        return null;
      }
      wait();
    }
    return queue.remove();
  }

  private synchronized void done(Task task) {
    bytes -= task.raw().length;
    slow &= bytes > maxBytes / 2;
    notifyAll();
  }

  /** Writes what waits, unless that takes too long. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(END_MILLIS);
    boolean interrupted = false;
    for (Thread thread : threads) {
      try {
        thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime())));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    abandon();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void abandon() {
    for (Task task : queue) {
      task.written().complete(false);
    }
    queue.clear();
  }
}
