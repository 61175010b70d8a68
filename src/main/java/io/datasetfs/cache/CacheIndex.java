package io.datasetfs.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.datasetfs.model.Digest;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;

/**
 * Which blocks a region of the disk cache holds, as far as this process knows, and which leave when
 * there are too many. The files are the truth: other processes add and remove some. Blocks that are
 * to leave are handed out by {@link #pollEvicted}, for no file is to be removed under the index's
 * locks. Thread-safe.
 */
final class CacheIndex {
  /** What files take on disk is a multiple of this. */
  static final int UNIT = 4096;

  /** Uses that are counted for a block that somebody asked to have kept. */
  private static final int USES_OF_WANTED = 3;

  /** Weighs nothing, so that a block can be counted before it is weighed. */
  private static final CachedBlock ANNOUNCED = new CachedBlock(0, CachedBlock.UNKNOWN, 0, (byte) 0);

  private final Queue<Evicted> evicted = new ConcurrentLinkedQueue<>();
  private final Cache<Digest, CachedBlock> blocks;
  private final Policy.Eviction<Digest, CachedBlock> eviction;
  private final CountDownLatch complete = new CountDownLatch(1);
  private volatile byte look;

  /** A block that left. */
  record Evicted(Digest digest, int length) {}

  CacheIndex(long maxBytes) {
    this.blocks =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes / UNIT)
            .weigher((Digest digest, CachedBlock block) -> units(block.length()))
            .evictionListener(
                (Digest digest, CachedBlock block, RemovalCause cause) ->
                    evicted.add(new Evicted(digest, block.length())))
            .executor(Runnable::run)
            .build();
    this.eviction = blocks.policy().eviction().orElseThrow();
  }

  private static int units(int length) {
    return (int) (((long) length + UNIT - 1) / UNIT);
  }

  /** The bytes that a file of this length takes on disk. */
  static long onDisk(int length) {
    return (long) units(length) * UNIT;
  }

  /** The number of the last look at the directory that has begun. */
  byte look() {
    return look;
  }

  /** Begins a look, by the only thread that looks. */
  void beginLook() {
    look = (byte) (look + 1);
  }

  /** Says that what was on disk at the start is known, or will never be. */
  void complete() {
    complete.countDown();
  }

  boolean isComplete() {
    return complete.getCount() == 0;
  }

  /** Waits until it is complete; not when the thread is interrupted meanwhile. */
  boolean awaitComplete() {
    try {
      complete.await();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** A block, without counting it as used; {@code null} when there is none. */
  CachedBlock find(Digest digest) {
    CachedBlock block = blocks.policy().getIfPresentQuietly(digest);
    return block == ANNOUNCED ? null : block;
  }

  /** Counts a use; whether the block is known. */
  boolean use(Digest digest) {
    return blocks.getIfPresent(digest) != null;
  }

  /** Adds a block, or replaces what was known about it. */
  void add(Digest digest, CachedBlock block) {
    blocks.put(digest, block);
  }

  /**
   * Adds a block that somebody asked to have kept. The policy prefers what it has to newcomers that
   * were used as often; this one counts as used before.
   */
  void addWanted(Digest digest, CachedBlock block) {
    if (blocks.asMap().putIfAbsent(digest, ANNOUNCED) == null) {
      for (int i = 0; i < USES_OF_WANTED; i++) {
        use(digest);
      }
      blocks.cleanUp();
    }
    blocks.put(digest, block);
  }

  /** Adds a block that was found on disk, if it is not known. */
  void addFound(Digest digest, CachedBlock block) {
    blocks.asMap().putIfAbsent(digest, block);
  }

  /** Forgets a block, if it is still this one. */
  boolean remove(Digest digest, CachedBlock block) {
    return blocks.asMap().remove(digest, block);
  }

  /** A block that left and whose file is to go; {@code null} when there is none. */
  Evicted pollEvicted() {
    return evicted.poll();
  }

  void forEach(BiConsumer<Digest, CachedBlock> action) {
    for (Map.Entry<Digest, CachedBlock> entry : blocks.asMap().entrySet()) {
      if (entry.getValue() != ANNOUNCED) {
        action.accept(entry.getKey(), entry.getValue());
      }
    }
  }

  long count() {
    return blocks.estimatedSize();
  }

  /** The bytes that the blocks take on disk. */
  long bytes() {
    return eviction.weightedSize().orElse(0) * UNIT;
  }

  /** The bytes that they may take. */
  long limit() {
    return eviction.getMaximum() * UNIT;
  }

  /** Changes what they may take; what is too much leaves. */
  void limit(long maxBytes) {
    long units = Math.max(0, maxBytes) / UNIT;
    if (units != eviction.getMaximum()) {
      eviction.setMaximum(units);
    }
  }

  /** Lets leave what has to. */
  void settle() {
    blocks.cleanUp();
  }
}
