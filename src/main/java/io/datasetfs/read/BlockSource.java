package io.datasetfs.read;

import io.datasetfs.cache.BlockTier;
import io.datasetfs.cache.MemoryTier;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.read.fetch.Fetcher;
import io.datasetfs.read.fetch.Landing;
import io.datasetfs.read.fetch.RemoteBlocks;
import io.datasetfs.store.ObjectStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The blocks of one dataset: from memory, else from the disk, else from the storage provider.
 * Thread-safe.
 */
public final class BlockSource {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final MemoryTier<byte[]> memory;
  private final BlockTier disk;
  private final Fetcher fetcher;
  private final RemoteBlocks remote;

  /**
   * @param memory shared by all datasets
   * @param disk shared by all datasets
   * @param fetcher shared by all datasets
   * @param store where the blocks come from
   */
  public BlockSource(
      MemoryTier<byte[]> memory,
      BlockTier disk,
      Fetcher fetcher,
      ObjectStore store,
      DatasetId dataset) {
    this.memory = memory;
    this.disk = disk;
    this.fetcher = fetcher;
    this.remote = fetcher.blocks(store, dataset, new Tiers());
  }

  /**
   * The block's bytes, verified; not to be changed.
   *
   * @throws FsException as {@link RemoteBlocks#load}
   */
  public byte[] load(BlockRef ref) throws FsException {
    byte[] raw = memory.find(ref.digest());
    if (raw == null && disk != BlockTier.NONE) {
      raw = findOnDisk(ref);
    }
    if (raw == null) {
      raw = remote.load(ref);
    }
    return requireLength(ref, raw);
  }

  /**
   * Reads a part of a block.
   *
   * @param offset the first byte wanted, within the block
   * @param length how many bytes; they lie within the block
   * @param target takes the bytes at its position, which advances by {@code length}
   * @throws FsException as {@link RemoteBlocks#load}
   */
  void read(BlockRef ref, int offset, int length, ByteBuffer target) throws FsException {
    byte[] raw = memory.find(ref.digest());
    if (raw == null) {
      if (disk.read(ref, offset, length, target)) {
        return;
      }
      raw = load(ref);
    }
    target.put(requireLength(ref, raw), offset, length);
  }

  /** Looks in any case: another process may have put the block there since the tier last looked. */
  private byte[] findOnDisk(BlockRef ref) throws FsException {
    return memory.get(ref.digest(), () -> disk.find(ref));
  }

  private static byte[] requireLength(BlockRef ref, byte[] raw) throws FsException {
    if (raw.length != ref.rawLength()) {
      // In memory by another, honest reference to the same digest.
      throw new FsException(
          FailureKind.CORRUPT,
          "a reference to block %s gives it %d bytes instead of %d"
              .formatted(ref.digest(), ref.rawLength(), raw.length));
    }
    return raw;
  }

  /**
   * Asks for blocks that will be wanted soon, the first of them first. Returns at once; what is
   * near already costs next to nothing, failures are left to whoever really wants the block.
   *
   * @param interest ends the wish
   */
  void ahead(List<BlockRef> refs, Interest interest) {
    List<BlockRef> far = new ArrayList<>(refs.size());
    for (BlockRef ref : refs) {
      if (memory.holds(ref.digest())) {
        continue;
      }
      if (!disk.holds(ref)) {
        far.add(ref);
      } else if (!disk.read(ref, 0, 0, NOTHING.duplicate())) {
        // it has to be verified as a whole before parts of it can be read
        fetcher.near().execute(() -> verify(ref, interest));
      }
    }
    if (!far.isEmpty()) {
      remote.ahead(far, interest);
    }
  }

  private void verify(BlockRef ref, Interest interest) {
    try {
      if (!interest.isWithdrawn() && findOnDisk(ref) == null) {
        remote.ahead(List.of(ref), interest);
      }
    } catch (FsException e) {
      throw new IllegalStateException("the disk tier does not fail", e);
    }
  }

  /**
   * Lets a block go that the sequential reader of a large file has passed. The kernel has its pages
   * now; and blocks that stay in memory just long enough to be moved about by the garbage collector
   * made reading cost half as much processor again.
   */
  void release(BlockRef passed) {
    memory.release(passed.digest());
  }

  /** What has been fetched goes to memory and is offered to the disk. */
  private final class Tiers implements Landing {
    @Override
    public byte[] find(BlockRef ref) {
      return memory.find(ref.digest());
    }

    @Override
    public void land(BlockRef ref, byte[] raw) {
      memory.put(ref.digest(), raw);
      disk.offer(ref, raw);
    }
  }
}
