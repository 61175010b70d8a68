package io.datasetfs.cache;

import io.datasetfs.model.FsException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Blocks on a local disk, shared by all who use the directory, in this process or others, which
 * need not know of each other. File content and tree pages have a region each, so that reading much
 * of the one leaves the other alone. Whatever happens to the disk, nothing here fails: it is as if
 * the blocks were not there, a warning is logged, and the disk is tried again now and then.
 *
 * <p>Thread-safe. One thread looks after it: it finds what is there at the start, while lookups
 * work already, and later keeps the bounds and removes what has expired.
 */
public final class DiskCache implements AutoCloseable {
  private static final Logger LOG = System.getLogger(DiskCache.class.getName());

  /** One byte in this many is for tree pages. */
  private static final int PAGE_SHARE = 10;

  /** One byte in this many is left for blocks on their way. */
  private static final int WAY_SHARE = 64;

  /** What is let go at once when the disk is full, so that this is rare. */
  private static final long ROOM = 16 << 20;

  /** But no more than one byte in this many of what there is. */
  private static final int ROOM_SHARE = 16;

  private static final int TICKS_OF_RETRY = 3;
  private static final Duration LOOK_EVERY = Duration.ofSeconds(30);
  private static final Duration LOOK_ALONE_EVERY = Duration.ofMinutes(10);
  private static final Duration SNAPSHOT_EVERY = Duration.ofMinutes(10);
  private static final Duration EXPIRE_EVERY = Duration.ofHours(1);
  private static final int EXPIRIES_OF_TTL = 20;

  private final DiskCacheSettings settings;
  private final CacheHome home;
  private final Clock clock;
  private final Region blocks;
  private final Region pages;
  private final ScheduledExecutorService keeper;
  private final ScheduledFuture<?> ticks;

  // Used by the keeper alone.
  private int generation;
  private long changedAt;
  private Instant nextExpiry;
  private long lookedAt;
  private long snapshotAt;

  /** What belongs together. */
  private record Region(DiskTier tier, BlockFiles files, CacheIndex index, DirectoryLook look) {}

  /**
   * Opens a cache. What cannot be used now is logged and tried again later.
   *
   * @param settings what was chosen; a size of none keeps nothing
   * @param clock tells when blocks are used
   */
  public DiskCache(DiskCacheSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    CacheDirectory directory = new CacheDirectory(settings.directory());
    this.home =
        new CacheHome(
            directory,
            new Troubles(settings.retryAfter()),
            new FreeSpace(directory.root(), settings.keepFree()));
    prepare();
    this.blocks = region(directory.data(), 2);
    this.pages = region(directory.pages(), 1);
    this.nextExpiry = clock.instant();
    this.keeper =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "dsfs-cache-keeper");
              thread.setDaemon(true);
              return thread;
            });
    keeper.execute(this::begin);
    long tick = Math.max(1, settings.retryAfter().toMillis() / TICKS_OF_RETRY);
    this.ticks = keeper.scheduleWithFixedDelay(this::tick, tick, tick, TimeUnit.MILLISECONDS);
  }

  private Region region(BlockFiles files, int threads) {
    CacheIndex index = new CacheIndex(bound(files));
    DiskTier tier = new DiskTier(home, files, index, settings, threads, this::makeRoom, clock);
    return new Region(tier, files, index, new DirectoryLook(files, index));
  }

  /** The blocks of files' content. */
  public DiskTier blocks() {
    return blocks.tier();
  }

  /** The tree pages. */
  public DiskTier pages() {
    return pages.tier();
  }

  /** The directory. */
  public Path directory() {
    return home.directory().root();
  }

  private List<Region> regions() {
    return List.of(blocks, pages);
  }

  private boolean prepare() {
    if (settings.size().isNone() || !home.troubles().mayWrite()) {
      return false;
    }
    try {
      home.prepare();
      return true;
    } catch (FsException e) {
      home.troubles().writing(e);
      return false;
    }
  }

  private long bound(BlockFiles files) {
    long all = settings.size().bytes(home.space().total());
    long forPages = all / PAGE_SHARE;
    long share = files.equals(home.directory().pages()) ? forPages : all - forPages;
    return share - share / WAY_SHARE;
  }

  private void begin() {
    guarded(
        () -> {
          WriteSession.removeDead(home.directory().temporary());
          generation = home.generation();
          changedAt = toldChanged();
          for (Region region : List.of(pages, blocks)) {
            if (!home.readable()) {
              region.index().complete();
              continue;
            }
            region.look().begin(home.directory().snapshot(region.files()));
            region.tier().removeEvicted();
          }
          lookedAt = System.nanoTime();
          snapshotAt = lookedAt;
        });
  }

  private void tick() {
    guarded(
        () -> {
          prepare();
          makeRoom(0);
          lookAgain();
          if (!clock.instant().isBefore(nextExpiry)) {
            expire();
          }
          if (passed(snapshotAt, SNAPSHOT_EVERY)) {
            writeSnapshots();
          }
          regions().forEach(region -> region.tier().settle());
          home.troubles().settle();
        });
  }

  private static void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      // An exception would end all later ticks.
      LOG.log(Level.ERROR, "The disk cache was not looked after", e);
    }
  }

  private static boolean passed(long since, Duration time) {
    return System.nanoTime() - since >= time.toNanos();
  }

  private long toldChanged() {
    return home.directory().toldChanged();
  }

  private void lookAgain() {
    boolean news = generation != home.generation() || changedAt != toldChanged();
    if (!news && !passed(lookedAt, LOOK_EVERY)) {
      return;
    }
    boolean alone = WriteSession.removeDead(home.directory().temporary()) < 2;
    if (!news && alone && !passed(lookedAt, LOOK_ALONE_EVERY)) {
      return;
    }
    look();
  }

  /** Takes note of what others have done to the directory. By the keeper, or in tests. */
  void look() {
    lookedAt = System.nanoTime();
    if (home.readable()) {
      generation = home.generation();
      changedAt = toldChanged();
      regions().forEach(region -> region.look().again());
    }
  }

  /** Removes what has expired. By the keeper, or in tests. */
  void expire() {
    Duration step = settings.ttl().dividedBy(EXPIRIES_OF_TTL);
    nextExpiry = clock.instant().plus(step.compareTo(EXPIRE_EVERY) < 0 ? step : EXPIRE_EVERY);
    for (Region region : regions()) {
      region.look().unusedSince(clock, settings.ttl(), region.tier()::expire);
    }
  }

  private void writeSnapshots() {
    snapshotAt = System.nanoTime();
    if (home.generation() == 0 || !home.troubles().mayWrite()) {
      return;
    }
    for (Region region : regions()) {
      if (region.tier().hasChangedLittle()) {
        continue;
      }
      try {
        Path temporary = home.nextTemporary();
        try {
          IndexSnapshot.write(region.index(), temporary, home.directory().snapshot(region.files()));
        } finally {
          Files.deleteIfExists(temporary);
        }
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "What was used when is not written down", e);
      }
    }
  }

  /**
   * Sets what the regions may take by what is free: content gives way first, tree pages when there
   * is no more of it.
   */
  private synchronized void makeRoom(long bytes) {
    long free = home.space().look();
    if (free == Long.MAX_VALUE) {
      return;
    }
    long content = blocks.index().bytes();
    long need = bytes == 0 ? 0 : Math.max(bytes, Math.min(ROOM, content / ROOM_SHARE));
    blocks.index().limit(Math.min(bound(blocks.files()), content + free - need));
    long lacking = Math.max(0, need - free - content);
    long limit = pages.index().bytes() + Math.max(0, free) - lacking;
    pages.index().limit(Math.min(bound(pages.files()), limit));
    regions().forEach(region -> region.tier().removeEvicted());
    home.space().look();
  }

  @Override
  public void close() {
    ticks.cancel(false);
    // who closes early need not wait until all blocks have been found
    keeper.shutdownNow();
    boolean ended = false;
    try {
      ended = keeper.awaitTermination(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    boolean complete = regions().stream().allMatch(region -> region.index().isComplete());
    regions().forEach(region -> region.tier().close());
    if (ended && complete) {
      writeSnapshots();
    }
    home.close();
  }
}
