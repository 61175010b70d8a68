package io.datasetfs.read;

import io.datasetfs.cache.BlockLoader;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.store.ObjectStore;

/** Reads the versions of one dataset. Thread-safe; needs no closing. */
public final class DatasetReader {
  private final PageSource pages;
  private final BlockSource blocks;
  private final AheadBudget budget;
  private final AheadPlanner planner = new AheadPlanner();
  private final TreeAhead treeAhead;
  private final SmallFilesAhead smallFiles;

  /**
   * Reads from a store.
   *
   * @param store where the dataset is; the caller closes it
   * @param caches shared with other readers
   * @param readahead shared with other readers
   */
  public DatasetReader(
      ObjectStore store, DatasetId dataset, ReadCaches caches, Readahead readahead) {
    this(new BlockFetcher(store, dataset), caches, readahead, AheadBudget.withDefaults());
  }

  /**
   * Reads from any tier that has the dataset's blocks.
   *
   * @param budget bounds what is loaded ahead; shared with other readers
   */
  public DatasetReader(
      BlockLoader behind, ReadCaches caches, Readahead readahead, AheadBudget budget) {
    this.budget = budget;
    this.pages = new PageSource(caches.pages(), behind, readahead);
    this.blocks = new BlockSource(caches.blocks(), behind, readahead);
    TreePlaces places = new TreePlaces();
    this.treeAhead = new TreeAhead(pages, places, planner);
    this.smallFiles = new SmallFilesAhead(pages, places, blocks, planner, budget);
  }

  /** The tree of a version, by its root. Reads nothing yet. */
  public VersionTree tree(TreeEntry.Directory root) {
    return new VersionTree(pages, root, treeAhead);
  }

  /** Opens a file for reading. Reads nothing yet. */
  public FileReader open(TreeEntry.File file) throws FsException {
    return open(file, () -> {});
  }

  /**
   * Opens a file for reading, and expects others of its directory to be read as well when it is one
   * of several. Reads nothing yet.
   *
   * @param item a file as {@link VersionTree#find} found it
   */
  public FileReader open(TreeItem item) throws FsException {
    TreeEntry.File file = (TreeEntry.File) item.entry();
    TreePlaces.Place place = new TreePlaces.Place(item.page(), item.index());
    return open(file, () -> smallFiles.read(place, file));
  }

  private FileReader open(TreeEntry.File file, Runnable begun) throws FsException {
    FileExtents extents = new FileExtents(file, pages);
    AccessPattern pattern = new AccessPattern(file.size(), budget);
    FileAhead ahead = new FileAhead(extents, blocks, planner, pattern, begun);
    return new FileReader(file, extents, blocks, ahead);
  }

  /** Whether everything that was to be asked for ahead so far has been asked for. */
  boolean hasPlanned() {
    return planner.isIdle();
  }
}
