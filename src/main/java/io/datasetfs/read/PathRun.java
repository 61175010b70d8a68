package io.datasetfs.read;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Digest;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import java.util.Set;

/**
 * Small files that are read in the order of their paths, perhaps by several readers that take
 * turns. It goes on into other directories once it was seen to: a neighbouring directory's small
 * files are in the same block or the next ones. Noting is guarded by its {@link SmallFilesAhead};
 * plans are made one at a time.
 */
final class PathRun {
  /** How far readers that take turns may be behind the first of them, in entries of a page. */
  private static final int BEHIND = 8;

  /** How far the next file may be: what lies between may be directories, links or tiny files. */
  private static final int BEFORE = 16;

  /** Reads that must have followed the first one. */
  private static final int FOLLOWED = 2;

  /** The most reads that must follow when plans fail again and again. */
  private static final int MOST_FOLLOWED = 128;

  private static final long FIRST_PORTION = 1 << 20;

  /** Bytes of a pack that may lie between blocks that follow one another. */
  private static final long ADJACENT = 64 << 10;

  private final Interest interest = new Interest();
  private volatile TreePlaces.Place last;

  /** Where the file that was read last ends. */
  private BlockRef block;

  private int followed;
  private int needed = FOLLOWED;
  private volatile boolean crossed;
  private volatile boolean planning;

  /** The last plan was not made, and that is still to be reckoned with. */
  private volatile boolean unplanned;

  private long portion;
  private volatile PathCursor cursor;

  /** Blocks which, when read, make it time to ask for more. */
  private volatile Set<Digest> due = Set.of();

  PathRun(TreePlaces.Place place, BlockRef end) {
    this.last = place;
    this.block = end;
  }

  boolean isFollowedBy(TreePlaces.Place place, BlockRef begin) {
    if (place.leaf().equals(last.leaf())) {
      int distance = place.index() - last.index();
      return distance >= -BEHIND && distance <= BEFORE;
    }
    if (begin.equals(block) || due.contains(begin.digest())) {
      return true;
    }
    long between = begin.offset() - block.offset() - block.storedLength();
    return begin.pack().equals(block.pack()) && between >= 0 && between <= ADJACENT;
  }

  /**
   * Takes note of a read that follows.
   *
   * @return whether it is time to plan
   */
  boolean follow(TreePlaces.Place place, BlockRef begin, BlockRef end) {
    boolean sameLeaf = place.leaf().equals(last.leaf());
    boolean first = !sameLeaf && !crossed;
    crossed |= !sameLeaf;
    followed++;
    if (!sameLeaf || place.index() > last.index()) {
      last = place;
      block = end;
    }
    if (planning) {
      return false;
    }
    if (unplanned) {
      beginAnew();
    }
    if (followed < needed) {
      return false;
    }
    if (first) {
      // What was gone through so far ended with the directory.
      cursor = null;
    }
    boolean proven = due.contains(begin.digest());
    needed = proven ? FOLLOWED : needed;
    planning = cursor == null || proven;
    return planning;
  }

  /** What was gone through by a plan that came to nothing is gone through once more. */
  private void beginAnew() {
    unplanned = false;
    cursor = null;
    due = Set.of();
    followed = 0;
    needed = Math.min(MOST_FOLLOWED, 2 * needed);
  }

  /** Asks for the next portion. Called without the lock. */
  void plan(PageSource pages, TreePlaces places, BlockSource blocks, long share)
      throws FsException {
    if (interest.isWithdrawn()) {
      return;
    }
    if (cursor == null) {
      cursor = new PathCursor(pages, places, last, crossed, interest);
    }
    portion = Math.min(share, portion == 0 ? FIRST_PORTION : 2 * portion);
    BlockPortion files = new BlockPortion(portion);
    for (TreeEntry.File file = cursor.next(); file != null; file = cursor.next()) {
      files.add(file);
      if (files.isFull()) {
        break;
      }
    }
    blocks.ahead(files.refs(), interest);
    due = files.laterHalf();
    planning = false;
  }

  /** The plan was not made. */
  void unplanned() {
    unplanned = true;
    planning = false;
  }

  void withdraw() {
    interest.close();
  }
}
