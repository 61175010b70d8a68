package io.datasetfs.fuse;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Bounds the threads that answer reads, so that some are always left for everything else, however
 * many reads wait for a storage provider. A read that finds no slot is parked, as the few bytes
 * that the kernel sent, until another read ends. Thread-safe.
 */
final class ReadSlots {
  private final int most;

  // Both guarded by this.
  private final Queue<byte[]> parked = new ArrayDeque<>();
  private int taken;

  ReadSlots(int most) {
    this.most = most;
  }

  /**
   * Takes a slot, or parks the request.
   *
   * @param request a copy of it
   * @return whether there is a slot, which is to be {@linkplain #leave left} again
   */
  synchronized boolean enter(Supplier<byte[]> request) {
    if (taken == most) {
      parked.add(request.get());
      return false;
    }
    taken++;
    return true;
  }

  /**
   * Leaves a slot.
   *
   * @return the request that has waited longest: the slot is now for it; {@code null} when none has
   */
  synchronized byte[] leave() {
    byte[] next = parked.poll();
    if (next == null) {
      taken--;
    }
    return next;
  }
}
