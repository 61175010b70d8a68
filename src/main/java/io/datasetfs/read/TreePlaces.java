package io.datasetfs.read;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Digest;
import io.datasetfs.model.TreeEntry.Directory;

/**
 * Remembers where the pages that were used lately are in their tree, which pages themselves do not
 * tell. Equal directories share pages: of those, one is remembered. Thread-safe.
 */
final class TreePlaces {
  private static final int BOUND = 8192;

  /** The directory that a page of entries belongs to, by the page. */
  private final Remembered<Digest, Directory> directories = new Remembered<>(BOUND);

  /** Where the entry of a directory is, by the directory's root page. */
  private final Remembered<Digest, Place> places = new Remembered<>(BOUND);

  /** Takes note of an entry that was found in a directory. */
  void found(Directory parent, TreeItem item) {
    if (directories.find(item.page().digest()) == null) {
      directories.put(item.page().digest(), parent);
    }
    if (item.entry() instanceof Directory child) {
      place(child, new Place(item.page(), item.index()));
    }
  }

  /** Takes note of where a directory's entry is. */
  void place(Directory child, Place place) {
    if (child.page() != null && !place.equals(places.find(child.page().digest()))) {
      places.put(child.page().digest(), place);
    }
  }

  /** The directory that a page of entries belongs to, or {@code null}. */
  Directory directoryOf(BlockRef leaf) {
    return directories.find(leaf.digest());
  }

  /** Where a directory's entry is, or {@code null}. */
  Place placeOf(Directory directory) {
    return directory.page() == null ? null : places.find(directory.page().digest());
  }

  /**
   * Where an entry is.
   *
   * @param leaf the page of entries that holds it
   * @param index its number in the page
   */
  record Place(BlockRef leaf, int index) {}
}
