package io.datasetfs.fuse.kernel;

import io.datasetfs.fuse.Caller;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Lets a bounded number of reads be under way. All others stand in line, without a thread: reads
 * that wait for a storage provider must not take the threads that answer {@code ls} and {@code df}.
 * Thread-safe; guarded by itself.
 */
final class ReadGate {
  private final int most;
  private final Queue<Read> line = new ArrayDeque<>();
  private int running;

  /**
   * A read that the kernel asked for.
   *
   * @param unique the request's number
   * @param caller the thread that asked, as {@link io.datasetfs.fuse.Caller} takes it
   * @param handle the open file's
   * @param offset the first byte
   * @param size how many bytes
   */
  record Read(long unique, int caller, long handle, long offset, int size) {}

  /**
   * @param most how many at a time
   */
  ReadGate(int most) {
    this.most = most;
  }

  /** Lets a read begin; or has it stand in line, and answers {@code false}. */
  synchronized boolean enter(Read read) {
    if (running < most) {
      running++;
      return true;
    }
    line.add(read);
    return false;
  }

  /** Ends a read. Answers the one that begins in its place, or {@code null}. */
  synchronized Read leave() {
    Read next = line.poll();
    if (next == null) {
      running--;
    }
    return next;
  }

  /** Takes a read out of the line that nobody waits for any more. Answers whether that is so. */
  boolean cancel(long unique) {
    Read read = find(unique);
    if (read == null || !Caller.isGone(read.caller())) {
      return false;
    }
    synchronized (this) {
      return line.remove(read);
    }
  }

  private synchronized Read find(long unique) {
    return line.stream().filter(read -> read.unique() == unique).findFirst().orElse(null);
  }
}
