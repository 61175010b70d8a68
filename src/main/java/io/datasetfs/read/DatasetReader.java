package io.datasetfs.read;

import io.datasetfs.model.DatasetId;
import io.datasetfs.model.Extent;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.read.fetch.Fetcher;
import io.datasetfs.store.ObjectStore;

/** Reads the versions of one dataset. Thread-safe; needs no closing. */
public final class DatasetReader {
  private final PageSource pages;
  private final BlockSource blocks;
  private final AheadBudget budget;
  private final AheadPlanner planner;
  private final TreeAhead treeAhead;
  private final SmallFilesAhead smallFiles;

  /**
   * Reads from a store.
   *
   * @param store where the dataset is; the caller closes it, after the fetcher
   * @param fetcher shared with other readers
   * @param caches shared with other readers
   */
  public DatasetReader(ObjectStore store, DatasetId dataset, Fetcher fetcher, ReadCaches caches) {
    this(store, dataset, fetcher, caches, new AheadPlanner());
  }

  DatasetReader(
      ObjectStore store,
      DatasetId dataset,
      Fetcher fetcher,
      ReadCaches caches,
      AheadPlanner planner) {
    this.planner = planner;
    this.budget = caches.ahead();
    this.pages =
        new PageSource(
            caches.pages(),
            new BlockSource(caches.blocks(), caches.diskPages(), fetcher, store, dataset));
    this.blocks = new BlockSource(caches.blocks(), caches.diskBlocks(), fetcher, store, dataset);
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

  /** Takes the extents of a file. */
  @FunctionalInterface
  interface ExtentVisitor {
    void visit(Extent extent) throws FsException;
  }

  /** Visits the extents of a file in order; reads tree pages only. */
  void visitExtents(TreeEntry.File file, ExtentVisitor visitor) throws FsException {
    if (file.content() instanceof TreeEntry.FileContent.Inline) {
      return;
    }
    FileExtents extents = new FileExtents(file, pages);
    for (long at = 0; at < file.size(); ) {
      FileExtents.Located located = extents.locate(at);
      visitor.visit(located.extent());
      at = located.end();
    }
  }
}
