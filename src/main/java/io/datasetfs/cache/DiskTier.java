package io.datasetfs.cache;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Digest;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * A region of the disk cache: blocks in files, an index of those that are known, and a queue of
 * those on their way. The files are the truth: one that the index doesn't know is found all the
 * same, one that is gone is a miss.
 *
 * <p>A block is verified when it is first read after a start, and again when its file is another
 * one than was verified ({@link OpenBlock} says what is noticed). What this process wrote has been
 * verified before it came.
 */
public final class DiskTier implements BlockTier, AutoCloseable {
  private static final Logger LOG = System.getLogger(DiskCache.class.getName());

  /** Last uses are written to disk no finer than this. */
  private static final Duration USE_STEP = Duration.ofHours(1);

  private static final int STEPS_OF_TTL = 8;

  /** Uses within about eight seconds are one. */
  private static final int COUNT_BITS = 13;

  /** The share of the bound that is written before what is there is known. */
  private static final int BLIND_SHARE = 32;

  /** Uses of fewer than one block in this many are few. */
  private static final int FEW = 32;

  private final CacheHome home;
  private final BlockFiles files;
  private final CacheIndex index;
  private final OpenBlocks open;
  private final BlockWriter writer;
  private final RoomMaker room;
  private final Clock clock;
  private final int useStep;
  private final CacheCounters counters = new CacheCounters();

  // used by who writes snapshots alone
  private long changesWritten;

  /** Keeps the disk's bounds. */
  interface RoomMaker {
    /** Lets blocks leave until that many bytes may be taken. */
    void make(long bytes);

    /** Learns that so many bytes have been taken. */
    void took(long bytes);
  }

  DiskTier(
      CacheHome home,
      BlockFiles files,
      CacheIndex index,
      DiskCacheSettings settings,
      int threads,
      RoomMaker room,
      Clock clock) {
    this.home = home;
    this.files = files;
    this.index = index;
    this.room = room;
    this.clock = clock;
    long step = settings.ttl().dividedBy(STEPS_OF_TTL).toSeconds();
    this.useStep = (int) Math.min(USE_STEP.toSeconds(), step);
    this.open = new OpenBlocks(files);
    String name = files.root().getFileName().toString();
    this.writer = new BlockWriter(name, threads, settings.queueBytes(), this::write);
  }

  @Override
  public boolean holds(BlockRef ref) {
    return writer.find(ref.digest()) != null
        || index.find(ref.digest()) != null
        || (!index.isComplete() && home.readable() && Files.exists(path(ref)));
  }

  @Override
  public byte[] find(BlockRef ref) {
    byte[] waiting = writer.find(ref.digest());
    byte[] raw = waiting != null ? waiting : load(ref);
    if (raw == null) {
      counters.miss();
    } else {
      counters.hit(raw.length);
    }
    return raw;
  }

  private byte[] load(BlockRef ref) {
    if (!home.readable()) {
      return null;
    }
    CachedBlock known = index.find(ref.digest());
    if (known != null && known.length() != ref.rawLength()) {
      return null; // a reference that lies is no reason to forget what is there
    }
    try {
      OpenBlock file = open.enter(ref.digest(), ref.rawLength());
      try {
        return load(ref, known, file);
      } finally {
        file.leave();
      }
    } catch (NoSuchFileException e) {
      forget(ref.digest(), known);
    } catch (IOException e) {
      home.troubles().reading(path(ref), e);
      forget(ref.digest(), known);
    }
    return null;
  }

  private byte[] load(BlockRef ref, CachedBlock known, OpenBlock file) throws IOException {
    if (file.size() != ref.rawLength()) {
      bad(ref, known);
      return null;
    }
    byte[] raw = new byte[ref.rawLength()];
    boolean whole = file.read(0, ByteBuffer.wrap(raw));
    boolean verified = known != null && known.fingerprint() == file.fingerprint();
    if (!whole || (!verified && !Digest.compute(raw).equals(ref.digest()))) {
      bad(ref, known);
      return null;
    }
    CachedBlock block = known;
    if (block == null) {
      block = new CachedBlock(ref.rawLength(), CachedBlock.UNKNOWN, 0, index.look());
      index.addFound(ref.digest(), block);
    }
    block.verified(file.fingerprint());
    used(ref, block);
    return raw;
  }

  @Override
  public boolean read(BlockRef ref, int offset, int length, ByteBuffer target) {
    CachedBlock known = index.find(ref.digest());
    if (known == null
        || known.length() != ref.rawLength()
        || known.fingerprint() == CachedBlock.UNVERIFIED
        || !home.readable()) {
      return false;
    }
    int start = target.position();
    int limit = target.limit();
    boolean done = false;
    try {
      OpenBlock file = open.enter(ref.digest(), ref.rawLength());
      try {
        target.limit(start + length);
        done =
            file.fingerprint() == known.fingerprint()
                && file.size() == ref.rawLength()
                && file.read(offset, target);
      } finally {
        file.leave();
      }
    } catch (NoSuchFileException e) {
      forget(ref.digest(), known);
    } catch (IOException e) {
      home.troubles().reading(path(ref), e);
      forget(ref.digest(), known);
    } finally {
      target.limit(limit);
    }
    if (!done) {
      target.position(start);
      return false;
    }
    counters.hit(length);
    used(ref, known);
    return true;
  }

  @Override
  public void offer(BlockRef ref, byte[] raw) {
    if (raw.length == 0 || isHere(ref)) {
      return;
    }
    if (!home.troubles().mayWrite() || !writer.offer(ref.digest(), raw)) {
      counters.dropped();
    }
  }

  /**
   * Keeps a block that somebody asked to have kept, and waits until it is on disk. The block is
   * preferred to those that were read but a few times.
   *
   * @param raw the block's verified bytes; never changed by anybody
   * @return whether it is there; not when there is no room or the disk fails, nor when the calling
   *     thread is interrupted, which stays so
   */
  public boolean keep(BlockRef ref, byte[] raw) {
    if (raw.length == 0) {
      return true;
    }
    CachedBlock known = index.find(ref.digest());
    if (known != null && Files.exists(path(ref), LinkOption.NOFOLLOW_LINKS)) {
      used(ref, known);
      return true;
    }
    try {
      return home.troubles().mayWrite() && writer.keep(ref.digest(), raw);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean isHere(BlockRef ref) {
    return writer.find(ref.digest()) != null || index.find(ref.digest()) != null;
  }

  private Path path(BlockRef ref) {
    return files.path(ref.digest(), ref.rawLength());
  }

  private void used(BlockRef ref, CachedBlock block) {
    long millis = clock.millis();
    if (block.countUse((short) (millis >> COUNT_BITS))) {
      index.use(ref.digest());
    }
    int now = (int) (millis / 1000);
    if (now - block.lastUse() >= useStep) {
      block.setLastUse(now);
      touch(path(ref));
    }
  }

  /** The time of access, since that of modification is part of the fingerprint. */
  private void touch(Path file) {
    try {
      Files.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .setTimes(null, FileTime.from(Instant.ofEpochMilli(clock.millis())), null);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "The use of a block is not written down", e);
    }
  }

  private void forget(Digest digest, CachedBlock known) {
    open.close(digest);
    if (known != null) {
      index.remove(digest, known);
    }
  }

  private void bad(BlockRef ref, CachedBlock known) {
    counters.bad();
    forget(ref.digest(), known);
    home.troubles()
        .reading(
            path(ref),
            new FsException(
                FailureKind.CORRUPT, "bad content, removed and fetched again: " + path(ref)));
    delete(ref.digest(), ref.rawLength());
  }

  private boolean delete(Digest digest, int length) {
    open.close(digest);
    try {
      return files.delete(digest, length);
    } catch (IOException e) {
      home.troubles().writing(FsException.from("a block cannot be removed", e));
      return false;
    }
  }

  private boolean write(Digest digest, byte[] raw, boolean wanted) {
    long bytes = CacheIndex.onDisk(raw.length);
    boolean written =
        home.troubles().mayWrite()
            && knowsWhatIsThere()
            && hasRoom(bytes)
            && tryWrite(digest, raw, wanted);
    if (written) {
      counters.wrote(raw.length);
      room.took(bytes);
    } else {
      counters.dropped();
    }
    removeEvicted();
    return written && (!wanted || index.find(digest) != null);
  }

  /** A cache that is full from before must not be filled once more before that is known. */
  private boolean knowsWhatIsThere() {
    return index.isComplete()
        || index.bytes() < index.limit() / BLIND_SHARE
        || index.awaitComplete();
  }

  private boolean hasRoom(long bytes) {
    if (bytes > index.limit()) {
      return false;
    }
    if (home.space().take(bytes)) {
      return true;
    }
    room.make(bytes);
    return home.space().take(bytes);
  }

  private boolean tryWrite(Digest digest, byte[] raw, boolean wanted) {
    try {
      try {
        writeFile(digest, raw, wanted);
      } catch (NoSuchFileException e) {
        // the directory has vanished
        home.prepare();
        writeFile(digest, raw, wanted);
      }
      home.troubles().wrote();
      return true;
    } catch (IOException e) {
      home.troubles().writing(FsException.from(files.root().toString(), e));
      return false;
    }
  }

  private void writeFile(Digest digest, byte[] raw, boolean wanted) throws IOException {
    files.write(home.nextTemporary(), digest, raw, writer.isHurried());
    int now = (int) (clock.millis() / 1000);
    CachedBlock block = new CachedBlock(raw.length, now, 1, index.look());
    block.verified(OpenBlock.fingerprintOf(files.path(digest, raw.length)));
    if (wanted) {
      index.addWanted(digest, block);
    } else {
      index.add(digest, block);
    }
  }

  /** Removes the files of blocks that left the index. */
  void removeEvicted() {
    index.settle();
    while (true) {
      CacheIndex.Evicted block = index.pollEvicted();
      if (block == null) {
        return;
      }
      // It may have come back in the meantime.
      if (index.find(block.digest()) == null && delete(block.digest(), block.length())) {
        counters.evicted();
      }
    }
  }

  /** Removes a block that nobody has used for long. */
  void expire(Digest digest, CachedBlock block) {
    if (index.remove(digest, block) && delete(digest, block.length())) {
      counters.expired();
    }
  }

  /** Lets go what need not be kept open. */
  void settle() {
    removeEvicted();
    open.settle();
  }

  /** Whether all that was on disk at the start is known, as far as it ever will be. */
  public boolean isComplete() {
    return index.isComplete();
  }

  /**
   * Whether next to nothing has happened since this was last asked with another answer: a command
   * that reads a few blocks need not write down when a million others were used.
   */
  boolean hasChangedLittle() {
    DiskCacheStatistics now = statistics();
    long all = now.hits() + now.written() + now.evicted() + now.expired();
    if ((all - changesWritten) * FEW < now.blocks() || all == changesWritten) {
      return true;
    }
    changesWritten = all;
    return false;
  }

  /** What it holds and has done. */
  public DiskCacheStatistics statistics() {
    return counters.with(index);
  }

  @Override
  public void close() {
    index.complete();
    writer.close();
    removeEvicted();
    open.close();
  }
}
