package io.datasetfs.read;

import io.datasetfs.format.DirectoryPage;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Digest;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry.Directory;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks for the pages of directories that will be listed by who walks through a tree: a directory
 * and then one in it, or two next to one another. A walk gets more of them the longer it goes on,
 * and then also those one level further down. Thread-safe.
 */
final class TreeAhead {
  private static final int WALKS = 2048;
  private static final int FIRST = 8;
  private static final int MAX = 64;

  /** Of each directory that is asked for, as many of those in it. */
  private static final int BELOW = 8;

  /** Listings of directories of one page, that of their parent included, that make a walk. */
  private static final int LISTED = 2;

  private final PageSource pages;
  private final TreePlaces places;
  private final AheadPlanner planner;
  private final Interest interest = new Interest();
  private final Remembered<Digest, Walk> walks = new Remembered<>(WALKS);

  TreeAhead(PageSource pages, TreePlaces places, AheadPlanner planner) {
    this.pages = pages;
    this.places = places;
    this.planner = planner;
  }

  /** Takes note of an entry that was looked up. */
  void found(Directory parent, TreeItem item) {
    places.found(parent, item);
  }

  /** Takes note of a page of entries that is being listed, the first of its directory or not. */
  void listed(Directory directory, BlockRef leaf, boolean first) {
    TreePlaces.Place place = first ? places.placeOf(directory) : null;
    boolean goesOn = false;
    if (place != null) {
      Walk walk = walks.require(place.leaf().digest(), Walk::new);
      goesOn = walk.list(place.index());
      if (walk.isDue()) {
        planner.submit(() -> askNext(walk, place.leaf()), walk::unplanned);
      }
    }
    if (directory.summary().directories() > 0) {
      boolean inWalk = goesOn;
      planner.submit(() -> learn(directory, leaf, inWalk));
    }
  }

  /** Asks for the pages after child {@code i} of an index page that is gone through. */
  void goThrough(DirectoryPage index, int i, int count) throws FsException {
    List<BlockRef> next = new ArrayList<>();
    for (int j = i + 1; j < Math.min(index.size(), i + 1 + count); j++) {
      next.add(index.child(j).page());
    }
    if (!next.isEmpty()) {
      pages.ahead(next, interest);
    }
  }

  /** Remembers the directories of a page that is listed: the next listing may be of one of them. */
  private void learn(Directory directory, BlockRef leaf, boolean inWalk) throws FsException {
    DirectoryPage page = pages.directory(leaf).page();
    for (int i = 0; i < page.size(); i++) {
      if (page.entry(i) instanceof Directory child) {
        places.found(directory, new TreeItem(child, leaf, i));
      }
    }
    Walk walk = walks.require(leaf.digest(), Walk::new);
    walk.list(-1);
    if (inWalk) {
      walk.list(-1);
      askNext(walk, leaf);
    }
  }

  private void askNext(Walk walk, BlockRef leaf) throws FsException {
    DirectoryPage page = pages.directory(leaf).page();
    List<Directory> next = walk.next(page);
    if (next.isEmpty()) {
      return;
    }
    pages.ahead(next.stream().map(Directory::page).toList(), interest);
    if (!walk.isLong()) {
      return;
    }
    List<BlockRef> below = new ArrayList<>();
    for (Directory directory : next) {
      if (directory.summary().directories() > 0 && below.size() < MAX) {
        addBelow(directory, below);
      }
    }
    if (!below.isEmpty()) {
      pages.ahead(below, interest);
    }
  }

  private void addBelow(Directory directory, List<BlockRef> below) throws FsException {
    DirectoryPage page = pages.directory(directory.page()).page();
    int bound = below.size() + BELOW;
    for (int i = 0; !page.isIndex() && i < page.size() && below.size() < bound; i++) {
      if (page.entry(i) instanceof Directory child && child.page() != null) {
        below.add(child.page());
      }
    }
  }

  /** The directories of one page, as far as they were listed. Thread-safe. */
  private static final class Walk {
    private int listed;
    private int at = -1;
    private int asked;
    private int portion = FIRST;
    private boolean planning;

    /** Takes note of a listing; answers whether it is one of a walk. */
    synchronized boolean list(int index) {
      listed++;
      at = Math.max(at, index);
      return listed > LISTED;
    }

    synchronized boolean isLong() {
      return listed > LISTED;
    }

    /** Whether half of what was asked for has been listed. */
    synchronized boolean isDue() {
      boolean due = !planning && listed >= LISTED && at + portion / 4 >= asked;
      planning |= due;
      return due;
    }

    /** Nothing was asked for, though it was due. */
    synchronized void unplanned() {
      planning = false;
    }

    synchronized List<Directory> next(DirectoryPage page) throws FsException {
      try {
        List<Directory> next = new ArrayList<>();
        for (asked = Math.max(asked, at + 1); asked < page.size(); asked++) {
          if (page.entry(asked) instanceof Directory child && child.page() != null) {
            next.add(child);
            if (next.size() == portion) {
              asked++;
              break;
            }
          }
        }
        portion = Math.min(MAX, 2 * portion);
        return next;
      } finally {
        planning = false;
      }
    }
  }
}
