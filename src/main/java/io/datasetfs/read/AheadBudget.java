package io.datasetfs.read;

import java.util.Arrays;

/**
 * Shares out how much may be loaded ahead, among all readers of a process. Whoever asks again gets
 * an equal part with those that asked lately; one that stopped reading drops out by itself.
 * Thread-safe.
 */
public final class AheadBudget {
  /**
   * Default bound of what all readers together have loaded ahead, in bytes: three quarters of what
   * memory keeps of the blocks loaded last, so that none leaves before it is read.
   */
  public static final long BYTES = 9 * (ReadCaches.BLOCK_BYTES / 16);

  /** Whatever else is going on, a reader may have this much ahead: a block and a part of one. */
  private static final long MIN_SHARE = 2L << 20;

  private static final int HEAP_SHARE = 9;
  private static final int REMEMBERED = 64;

  private final long bytes;
  private final long maxWindow;

  // Guarded by this: who asked last, the oldest to be overwritten next.
  private final int[] askers = new int[REMEMBERED];
  private int next;

  /**
   * @param bytes what all readers together have ahead, about; no more than memory is sure to keep
   * @param maxWindow what one reader has ahead at most
   */
  public AheadBudget(long bytes, long maxWindow) {
    this.bytes = bytes;
    this.maxWindow = maxWindow;
  }

  /** The default size, or a ninth of the heap; one reader alone may use all of it. */
  public static AheadBudget withDefaults() {
    long bytes = Math.min(BYTES, Runtime.getRuntime().maxMemory() / HEAP_SHARE);
    return new AheadBudget(bytes, bytes);
  }

  /**
   * How many bytes {@code asker} may have ahead now.
   *
   * @param asker told apart by identity
   */
  synchronized long share(Object asker) {
    askers[next] = System.identityHashCode(asker);
    next = (next + 1) % REMEMBERED;
    long distinct = Arrays.stream(askers).filter(a -> a != 0).distinct().count();
    return Math.max(MIN_SHARE, Math.min(maxWindow, bytes / distinct));
  }

  /** Lets the others have the part of one who does not read on. */
  synchronized void leave(Object asker) {
    int left = System.identityHashCode(asker);
    for (int i = 0; i < REMEMBERED; i++) {
      askers[i] = askers[i] == left ? 0 : askers[i];
    }
  }
}
