package io.datasetfs.read;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Digest;
import io.datasetfs.model.TreeEntry;

/**
 * Asks for the blocks of small files that will be read after others of their directory: those that
 * follow when files are read in the order of their paths, all of a page of the directory when in no
 * order. One file here and there asks for nothing. Thread-safe.
 */
final class SmallFilesAhead {
  private static final int RUNS = 16;
  private static final int NEIGHBOURHOODS = 1024;

  private final PageSource pages;
  private final TreePlaces places;
  private final BlockSource blocks;
  private final AheadPlanner planner;
  private final AheadBudget budget;
  private final Remembered<Digest, Neighbourhood> neighbourhoods = new Remembered<>(NEIGHBOURHOODS);

  /** In the order of their use, the last one first. Guarded by this. */
  private final PathRun[] runs = new PathRun[RUNS];

  SmallFilesAhead(
      PageSource pages,
      TreePlaces places,
      BlockSource blocks,
      AheadPlanner planner,
      AheadBudget budget) {
    this.pages = pages;
    this.places = places;
    this.blocks = blocks;
    this.planner = planner;
    this.budget = budget;
  }

  /** Takes note that a file is begun to be read. */
  void read(TreePlaces.Place place, TreeEntry.File file) {
    BlockRef begin = BlockPortion.firstBlock(file);
    if (begin == null) {
      return;
    }
    if (follow(place, begin, BlockPortion.lastBlock(file))) {
      return;
    }
    Neighbourhood neighbourhood =
        neighbourhoods.require(place.leaf().digest(), () -> new Neighbourhood(place.leaf()));
    if (neighbourhood.read(place.index(), begin)) {
      planner.submit(
          () -> neighbourhood.plan(pages, blocks, budget.share(neighbourhood)),
          neighbourhood::unplanned);
    }
  }

  private synchronized boolean follow(TreePlaces.Place place, BlockRef begin, BlockRef end) {
    int i = 0;
    while (i < RUNS && runs[i] != null && !runs[i].isFollowedBy(place, begin)) {
      i++;
    }
    boolean follows = i < RUNS && runs[i] != null;
    PathRun run = follows ? runs[i] : new PathRun(place, end);
    if (i == RUNS) {
      i--;
      runs[i].withdraw();
      budget.leave(runs[i]);
    }
    System.arraycopy(runs, 0, runs, 1, i);
    runs[0] = run;
    if (follows && run.follow(place, begin, end)) {
      planner.submit(() -> run.plan(pages, places, blocks, budget.share(run)), run::unplanned);
    }
    return follows;
  }
}
