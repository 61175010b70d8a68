package io.datasetfs.read;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Extent;
import io.datasetfs.model.FsException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** Asks for the blocks that the readers of one open file will want. Thread-safe. */
final class FileAhead implements AutoCloseable {
  private final FileExtents extents;
  private final BlockSource blocks;
  private final AheadPlanner planner;
  private final AccessPattern pattern;
  private final Runnable begun;
  private final AtomicBoolean hasBegun = new AtomicBoolean();

  /**
   * @param begun told when the file is read for the first time
   */
  FileAhead(
      FileExtents extents,
      BlockSource blocks,
      AheadPlanner planner,
      AccessPattern pattern,
      Runnable begun) {
    this.extents = extents;
    this.blocks = blocks;
    this.planner = planner;
    this.pattern = pattern;
    this.begun = begun;
  }

  /** Takes note of a read, which is not kept waiting. */
  void read(long offset, int length) {
    if (!hasBegun.get() && hasBegun.compareAndSet(false, true)) {
      begun.run();
    }
    Forecast wish = pattern.advance(offset, length);
    if (wish != null) {
      planner.submit(() -> fulfil(wish));
    }
  }

  private void fulfil(Forecast wish) throws FsException {
    if (wish.interest().isWithdrawn()) {
      return;
    }
    Set<BlockRef> wanted = new LinkedHashSet<>();
    for (Forecast.Range range : wish.ranges()) {
      addBlocks(range, wanted);
    }
    if (!wanted.isEmpty()) {
      List<BlockRef> refs = new ArrayList<>(wanted);
      if (wish.backward()) {
        Collections.reverse(refs);
      }
      blocks.ahead(refs, wish.interest());
    }
    release(wish.passed());
  }

  private void addBlocks(Forecast.Range range, Set<BlockRef> wanted) throws FsException {
    for (long at = range.from(); at < range.to(); ) {
      FileExtents.Located located = extents.locate(at);
      if (located.extent() instanceof Extent.Stored stored) {
        wanted.add(stored.block());
      }
      at = located.end();
    }
  }

  /** Lets the blocks go whose last byte is in a range, unless other files have most of them. */
  private void release(Forecast.Range range) throws FsException {
    for (long at = range.from(); at < range.to(); ) {
      FileExtents.Located located = extents.locate(at);
      if (located.extent() instanceof Extent.Stored stored
          && located.end() <= range.to()
          && stored.length() > stored.block().rawLength() / 2) {
        blocks.release(stored.block());
      }
      at = located.end();
    }
  }

  /** Wants nothing any more. */
  @Override
  public void close() {
    pattern.close();
  }
}
