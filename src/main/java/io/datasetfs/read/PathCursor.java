package io.datasetfs.read;

import io.datasetfs.format.DirectoryPage;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.TreeEntry.Directory;
import io.datasetfs.model.Utf8;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Goes through the files of a tree in the order of their paths, from a place on: the order in which
 * they are stored. Pages of the next directories are asked for several at a time. Used by one
 * thread at a time.
 */
final class PathCursor {
  /** Directories whose pages are asked for at a time. */
  private static final int DIRECTORIES = 16;

  private final PageSource pages;
  private final TreePlaces places;
  private final Interest interest;
  private final boolean crossing;
  private final Deque<Level> levels = new ArrayDeque<>();

  /**
   * @param from the files behind this place are gone through
   * @param crossing whether to leave the directory and to go into others
   */
  PathCursor(
      PageSource pages,
      TreePlaces places,
      TreePlaces.Place from,
      boolean crossing,
      Interest interest)
      throws FsException {
    this.pages = pages;
    this.places = places;
    this.interest = interest;
    this.crossing = crossing;
    levels.push(new Level(places.directoryOf(from.leaf()), from.leaf(), from.index() + 1));
  }

  /** The next file, or {@code null} when there is none that is known of. */
  TreeEntry.File next() throws FsException {
    while (!levels.isEmpty()) {
      Level level = levels.element();
      if (level.next == level.page.size()) {
        leave(levels.pop());
        continue;
      }
      TreeEntry entry = level.page.entry(level.next++);
      if (entry instanceof TreeEntry.File file) {
        return file;
      }
      if (crossing && entry instanceof Directory child && child.page() != null) {
        places.place(child, new TreePlaces.Place(level.leaf, level.next - 1));
        level.askAhead();
        levels.push(new Level(child, first(child.page()), 0));
      }
    }
    return null;
  }

  /** Goes on behind a page: in the directory's next page, or in the directory above. */
  private void leave(Level done) throws FsException {
    if (done.directory == null) {
      return;
    }
    BlockRef next = following(done);
    if (next != null) {
      levels.push(new Level(done.directory, next, 0));
    } else if (crossing && levels.isEmpty()) {
      TreePlaces.Place place = places.placeOf(done.directory);
      if (place != null) {
        Directory parent = places.directoryOf(place.leaf());
        levels.push(new Level(parent, place.leaf(), place.index() + 1));
      }
    }
  }

  /** The page of entries behind this one in the same directory, or {@code null}. */
  private BlockRef following(Level done) throws FsException {
    BlockRef ref = done.directory.page();
    if (ref.equals(done.leaf) || done.page.size() == 0) {
      return null;
    }
    byte[] name = Utf8.encode(done.page.entry(0).name());
    BlockRef next = null;
    for (int depth = 0; depth < VersionTree.MAX_DEPTH; depth++) {
      DirectoryPage page = pages.directory(ref).page();
      if (!page.isIndex()) {
        break;
      }
      int found = page.find(name);
      int child = Math.max(0, found >= 0 ? found : -found - 2);
      if (child + 1 < page.size()) {
        next = page.child(child + 1).page();
      }
      ref = page.child(child).page();
    }
    return next == null ? null : first(next);
  }

  private BlockRef first(BlockRef top) throws FsException {
    BlockRef ref = top;
    for (int depth = 0; depth < VersionTree.MAX_DEPTH; depth++) {
      DirectoryPage page = pages.directory(ref).page();
      if (!page.isIndex()) {
        break;
      }
      ref = page.child(0).page();
    }
    return ref;
  }

  /** A page of entries on the way down, and its next entry. */
  private final class Level {
    private final Directory directory;
    private final BlockRef leaf;
    private final DirectoryPage page;
    private int next;
    private int asked;

    Level(Directory directory, BlockRef leaf, int next) throws FsException {
      this.directory = directory;
      this.leaf = leaf;
      this.page = pages.directory(leaf).page();
      this.next = Math.min(next, page.size());
    }

    void askAhead() throws FsException {
      if (next <= asked) {
        return;
      }
      List<BlockRef> children = new ArrayList<>();
      for (asked = next; asked < page.size() && children.size() < DIRECTORIES; asked++) {
        if (page.entry(asked) instanceof Directory child && child.page() != null) {
          children.add(child.page());
        }
      }
      if (!children.isEmpty()) {
        pages.ahead(children, interest);
      }
    }
  }
}
