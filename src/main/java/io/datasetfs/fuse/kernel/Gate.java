package io.datasetfs.fuse.kernel;

import io.datasetfs.fuse.Caller;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Lets a bounded number of requests of a kind be under way. All others stand in line, without a
 * thread: what waits for a storage provider, or for a disk, must not take the threads that answer
 * {@code ls} and {@code df}. The line is no longer than what waiting processes have asked for and
 * the kernel may ask on its own account. Thread-safe; guarded by itself.
 *
 * @param <T> what stands in line
 */
final class Gate<T extends Gate.Waiting> {
  private final int most;
  private final Queue<T> line = new ArrayDeque<>();
  private int running;

  /** What is needed to take somebody out of the line. */
  interface Waiting {
    /** The request's number. */
    long unique();

    /** The thread that asked, as {@link Caller} takes it. */
    int caller();
  }

  /**
   * @param most how many at a time
   */
  Gate(int most) {
    this.most = most;
  }

  /**
   * Lets a request begin; or has it stand in line, and answers {@code false}.
   *
   * @param request makes what stands in line
   */
  synchronized boolean enter(Supplier<T> request) {
    if (running < most) {
      running++;
      return true;
    }
    line.add(request.get());
    return false;
  }

  /** Ends a request. Answers the one that begins in its place, or {@code null}. */
  synchronized T leave() {
    T next = line.poll();
    if (next == null) {
      running--;
    }
    return next;
  }

  /** Takes out of the line, and answers, what nobody waits for any more; or {@code null}. */
  T cancel(long unique) {
    T request = find(unique);
    if (request == null || !Caller.isGone(request.caller())) {
      return null;
    }
    synchronized (this) {
      return line.remove(request) ? request : null;
    }
  }

  private synchronized T find(long unique) {
    return line.stream().filter(each -> each.unique() == unique).findFirst().orElse(null);
  }
}
