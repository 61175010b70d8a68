package io.datasetfs.read;

import io.datasetfs.format.DirectoryPage;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Digest;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import java.util.HashSet;
import java.util.Set;

/**
 * The files of one page of a directory, of which some are read in no order: their blocks are asked
 * for from the first one on, in portions that grow as they turn out to be wanted. Thread-safe.
 */
final class Neighbourhood {
  /** Reads at random that make it likely that all files are going to be read. */
  private static final int READS = 3;

  /** Reads that found their block asked for that make the next portion worth it. */
  private static final int CONFIRMED = 2;

  private static final long FIRST_PORTION = 2 << 20;

  private final BlockRef leaf;
  private final Interest interest = new Interest();

  // All below is guarded by this.
  private final Set<Digest> asked = new HashSet<>();
  private int lastIndex = -1;
  private int reads;
  private int hits;
  private boolean planning;
  private boolean done;
  private int next;
  private long portion;

  Neighbourhood(BlockRef leaf) {
    this.leaf = leaf;
  }

  /**
   * Takes note of a read.
   *
   * @return whether it is time to plan
   */
  synchronized boolean read(int index, BlockRef block) {
    reads += index == lastIndex ? 0 : 1;
    lastIndex = index;
    hits += asked.contains(block.digest()) ? 1 : 0;
    if (planning || done || reads < READS || (next > 0 && hits < CONFIRMED)) {
      return false;
    }
    planning = true;
    return true;
  }

  /** Asks for the next portion; {@code pages} most likely have the page. */
  void plan(PageSource pages, BlockSource blocks, long share) throws FsException {
    DirectoryPage page = pages.directory(leaf).page();
    BlockPortion files = new BlockPortion(begin(share));
    int at = next();
    while (at < page.size() && !files.isFull()) {
      if (page.entry(at) instanceof TreeEntry.File file) {
        files.add(file);
      }
      at++;
    }
    blocks.ahead(files.refs(), interest);
    asked(files, at, page.size());
  }

  /** The plan was not made: the next read has it made. */
  synchronized void unplanned() {
    planning = false;
  }

  private synchronized long begin(long share) {
    portion = Math.min(share, portion == 0 ? FIRST_PORTION : 2 * portion);
    return portion;
  }

  private synchronized int next() {
    return next;
  }

  private synchronized void asked(BlockPortion files, int to, int size) {
    for (BlockRef ref : files.refs()) {
      asked.add(ref.digest());
    }
    hits = 0;
    next = to;
    done = to == size;
    planning = false;
  }
}
