package io.datasetfs.read;

import io.datasetfs.format.DirectoryPage;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.TreeEntry.Directory;
import io.datasetfs.model.Utf8;
import java.util.Optional;

/** The directory tree of one committed version. Immutable, thread-safe; pages load as needed. */
public final class VersionTree {
  /** Index pages above a page of entries or extents: far beyond what 63 bits of them need. */
  static final int MAX_DEPTH = 64;

  private final PageSource pages;
  private final Directory root;
  private final TreeAhead ahead;

  /** Asks for nothing ahead when {@code ahead} is {@code null}. */
  VersionTree(PageSource pages, Directory root, TreeAhead ahead) {
    this.pages = pages;
    this.root = root;
    this.ahead = ahead;
  }

  /** The top directory; its name is empty. */
  public Directory root() {
    return root;
  }

  /** The entry with that name in a directory of this version, or nothing. */
  public Optional<TreeItem> find(Directory directory, String name) throws FsException {
    byte[] wanted = Utf8.encode(name);
    BlockRef ref = directory.page();
    for (int depth = 0; ref != null && depth < MAX_DEPTH; depth++) {
      TreePage.OfDirectory loaded = pages.directory(ref);
      DirectoryPage page = loaded.page();
      int found = page.find(wanted);
      if (!page.isIndex()) {
        return found < 0 ? Optional.empty() : Optional.of(item(directory, loaded, found));
      }
      int child = found >= 0 ? found : -found - 2;
      ref = child < 0 ? null : page.child(child).page();
    }
    return Optional.empty();
  }

  private TreeItem item(Directory directory, TreePage.OfDirectory page, int index)
      throws FsException {
    TreeItem item = new TreeItem(page.page().entry(index), page.place(), index);
    if (ahead != null) {
      ahead.found(directory, item);
    }
    return item;
  }

  /** Loads an entry again from its place, as {@link TreeItem} told it. */
  public TreeEntry load(BlockRef page, int index) throws FsException {
    return pages.directory(page).page().entry(index);
  }

  /** Begins a listing of a directory of this version. Reads nothing yet. */
  public DirectoryListing list(Directory directory) {
    return new DirectoryListing(pages, directory, ahead);
  }

  /**
   * The entry at a path.
   *
   * @param path components separated by {@code /}; leading, trailing and doubled slashes and {@code
   *     .} do not count; symbolic links are not followed
   * @throws FsException NOT_FOUND, NOT_DIRECTORY, or what reading met
   */
  public TreeEntry require(String path) throws FsException {
    TreeEntry entry = root;
    for (String name : path.split("/", -1)) {
      if (name.isEmpty() || name.equals(".")) {
        continue;
      }
      if (!(entry instanceof Directory directory)) {
        throw failure(FailureKind.NOT_DIRECTORY, path, "not a directory: " + entry.name());
      }
      entry =
          find(directory, name)
              .orElseThrow(() -> failure(FailureKind.NOT_FOUND, path, "not found"))
              .entry();
    }
    if (path.endsWith("/") && !(entry instanceof Directory)) {
      throw failure(FailureKind.NOT_DIRECTORY, path, "not a directory");
    }
    return entry;
  }

  private static FsException failure(FailureKind kind, String path, String why) {
    return new FsException(kind, Names.printable(path + ": " + why));
  }

  /** Visits everything below the root: a directory, then what is in it, names in order. */
  public void walk(TreeVisitor visitor) throws FsException {
    walk(root, visitor);
  }

  /** Visits everything below {@code top}, itself excepted; paths begin below it. */
  public void walk(Directory top, TreeVisitor visitor) throws FsException {
    new TreeWalk(this, visitor).run(top);
  }
}
