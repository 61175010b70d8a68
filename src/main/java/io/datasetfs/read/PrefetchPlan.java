package io.datasetfs.read;

import io.datasetfs.cache.DiskTier;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Digest;
import io.datasetfs.model.Extent;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.PackId;
import io.datasetfs.model.TreeEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The blocks that files need, each once, and which of them a disk tier lacks. Packs come in the
 * order in which the tree names them first, the blocks of a pack in the order of their places, so
 * that neighbours are fetched together. Used by one thread.
 */
public final class PrefetchPlan {
  /** A request fetches no more than this, so that what it holds in memory is bounded. */
  private static final long RUN_BYTES = 8 << 20;

  /** So much that nobody wants is fetched rather than ask once more. */
  private static final long GAP_BYTES = 128 << 10;

  private static final int DISK_BLOCK = 4096;

  private final DatasetReader reader;
  private final DiskTier tier;
  private final boolean partial;
  private final Set<Digest> seen = new HashSet<>();
  private final Map<PackId, List<BlockRef>> missing = new LinkedHashMap<>();
  private long room;
  private long neededBytes;
  private long missingBlocks;
  private long missingBytes;
  private long presentBlocks;
  private long presentBytes;
  private long leftOutBytes;

  /**
   * Plans for a tier.
   *
   * @param room how many bytes the tier may take
   * @param partial whether to leave out what does not fit
   */
  public PrefetchPlan(DatasetReader reader, DiskTier tier, long room, boolean partial) {
    this.reader = reader;
    this.tier = tier;
    this.room = room;
    this.partial = partial;
  }

  /** Adds all that is needed to read a file, or everything below a directory. */
  public void add(TreeEntry entry) throws FsException {
    if (entry instanceof TreeEntry.Directory directory) {
      reader.tree(directory).walk((path, below) -> addFile(below));
    } else {
      addFile(entry);
    }
  }

  private void addFile(TreeEntry entry) throws FsException {
    if (Thread.currentThread().isInterrupted()) {
      throw new FsException(FailureKind.INTERRUPTED, "Interrupted");
    }
    if (entry instanceof TreeEntry.File file) {
      reader.visitExtents(
          file,
          extent -> {
            if (extent instanceof Extent.Stored stored && seen.add(stored.block().digest())) {
              addBlock(stored.block());
            }
          });
    }
  }

  private void addBlock(BlockRef ref) {
    long onDisk = (ref.rawLength() + DISK_BLOCK - 1L) / DISK_BLOCK * DISK_BLOCK;
    neededBytes += onDisk;
    boolean fits = neededBytes - leftOutBytes <= room;
    if (tier.holds(ref)) {
      presentBlocks++;
      presentBytes += ref.rawLength();
    } else if (fits || !partial) {
      missingBlocks++;
      missingBytes += ref.rawLength();
      if (neededBytes <= room || partial) {
        // What will be refused need not be held in mind.
        missing.computeIfAbsent(ref.pack(), pack -> new ArrayList<>()).add(ref);
      }
    } else {
      leftOutBytes += onDisk;
    }
  }

  /** Whether all of it has room in the tier, or what has not was left out. */
  public boolean fits() {
    return neededBytes - leftOutBytes <= room;
  }

  /** The disk space that all of it takes. */
  public long neededBytes() {
    return neededBytes;
  }

  /** What was left out because it does not fit. */
  public long leftOutBytes() {
    return leftOutBytes;
  }

  /** How many blocks are to be fetched. */
  public long missingBlocks() {
    return missingBlocks;
  }

  /** Their bytes. */
  public long missingBytes() {
    return missingBytes;
  }

  /** How many blocks are there. */
  public long presentBlocks() {
    return presentBlocks;
  }

  /** Their bytes. */
  public long presentBytes() {
    return presentBytes;
  }

  /** What is to be fetched, each list by one request: blocks of one pack, by their places. */
  List<List<BlockRef>> runs() {
    List<List<BlockRef>> runs = new ArrayList<>();
    for (List<BlockRef> pack : missing.values()) {
      pack.sort(Comparator.comparingLong(BlockRef::offset));
      List<BlockRef> run = new ArrayList<>();
      for (BlockRef ref : pack) {
        if (!run.isEmpty() && !continues(run, ref)) {
          runs.add(run);
          run = new ArrayList<>();
        }
        run.add(ref);
      }
      runs.add(run);
    }
    return runs;
  }

  private static boolean continues(List<BlockRef> run, BlockRef next) {
    BlockRef last = run.get(run.size() - 1);
    return next.offset() - (last.offset() + last.storedLength()) <= GAP_BYTES
        && next.offset() + next.storedLength() - run.get(0).offset() <= RUN_BYTES;
  }
}
