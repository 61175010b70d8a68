package io.datasetfs.cache;

import io.datasetfs.model.Digest;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Keeps the index of a region in step with the directories: all of them at the start, later those
 * whose list of names has changed, by other processes for instance. Used by one thread.
 */
final class DirectoryLook {
  private static final Logger LOG = System.getLogger(DiskCache.class.getName());

  /** A directory that changed this recently may change again at what counts as the same time. */
  private static final Duration UNSETTLED = Duration.ofSeconds(2);

  private final BlockFiles files;
  private final CacheIndex index;
  private final long[] changed = new long[BlockFiles.DIRECTORIES];

  DirectoryLook(BlockFiles files, CacheIndex index) {
    this.files = files;
    this.index = index;
  }

  /**
   * Fills the index, those last that were used last, and counts what was used often. Stops when the
   * thread is interrupted; the index is then not complete.
   */
  void begin(Path snapshotFile) {
    List<Digest> digests = new ArrayList<>();
    List<CachedBlock> blocks = new ArrayList<>();
    index.beginLook();
    byte look = index.look();
    try (IndexSnapshot snapshot = new IndexSnapshot(snapshotFile)) {
      for (int i = 0; i < BlockFiles.DIRECTORIES && !isInterrupted(); i++) {
        IndexSnapshot.Section known = snapshot.next();
        list(
            i,
            (digest, length) -> {
              digests.add(digest);
              blocks.add(known.block(digest, length, look));
            });
      }
    }
    if (isInterrupted()) {
      return;
    }
    for (int i : byLastUse(blocks)) {
      index.addFound(digests.get(i), blocks.get(i));
    }
    for (int i = 0; i < blocks.size(); i++) {
      if (blocks.get(i).uses() > 1) {
        index.use(digests.get(i));
      }
    }
    index.complete();
  }

  private static boolean isInterrupted() {
    return Thread.currentThread().isInterrupted();
  }

  private static int[] byLastUse(List<CachedBlock> blocks) {
    long[] keys = new long[blocks.size()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = Integer.toUnsignedLong(blocks.get(i).lastUse()) << Integer.SIZE | i;
    }
    Arrays.sort(keys);
    int[] order = new int[keys.length];
    for (int i = 0; i < keys.length; i++) {
      order[i] = (int) keys[i];
    }
    return order;
  }

  /** Takes note of what has changed since. */
  void again() {
    index.beginLook();
    byte look = index.look();
    BitSet listed = new BitSet(BlockFiles.DIRECTORIES);
    for (int i = 0; i < BlockFiles.DIRECTORIES; i++) {
      if (files.changed(i) != changed[i]
          && list(i, (digest, length) -> seen(digest, length, look))) {
        listed.set(i);
      }
    }
    if (!listed.isEmpty()) {
      index.forEach(
          (digest, block) -> {
            if (block.seen() != look && listed.get(BlockFiles.directoryOf(digest))) {
              index.remove(digest, block);
            }
          });
    }
  }

  private void seen(Digest digest, int length, byte look) {
    CachedBlock known = index.find(digest);
    if (known != null) {
      known.seenBy(look);
    } else {
      index.addFound(digest, new CachedBlock(length, CachedBlock.UNKNOWN, 0, look));
    }
  }

  private boolean list(int directory, BlockFiles.Visitor visitor) {
    long time = files.changed(directory);
    try {
      files.list(directory, visitor);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "Not looked at: " + files.directory(directory), e);
      return false;
    }
    // The system's clock, as the files' times are.
    boolean settled = time != 0 && System.currentTimeMillis() - time > UNSETTLED.toMillis();
    changed[directory] = settled ? time : -1;
    return true;
  }

  /**
   * Hands over the blocks that nobody has used since a time, having looked at the file: another
   * process may have used it.
   */
  void unusedSince(Clock clock, Duration ttl, Expiry expiry) {
    long oldest = DiskCacheSettings.before(clock.instant(), ttl).getEpochSecond();
    index.forEach(
        (digest, block) -> {
          if (Integer.toUnsignedLong(block.lastUse()) < oldest) {
            long lastUse = lastUse(files.path(digest, block.length()));
            if (lastUse < oldest) {
              expiry.expire(digest, block);
            } else {
              block.setLastUse((int) lastUse);
            }
          }
        });
  }

  /** In seconds; 0 when the file cannot be looked at. */
  private static long lastUse(Path file) {
    try {
      return lastUse(Files.readAttributes(file, BasicFileAttributes.class)).getEpochSecond();
    } catch (IOException e) {
      return 0;
    }
  }

  /** When a file was last used: relatime may not have noted more than that it was written. */
  static Instant lastUse(BasicFileAttributes file) {
    Instant read = file.lastAccessTime().toInstant();
    Instant written = file.lastModifiedTime().toInstant();
    return read.isAfter(written) ? read : written;
  }

  /** Takes a block that has expired. */
  @FunctionalInterface
  interface Expiry {
    void expire(Digest digest, CachedBlock block);
  }
}
