package io.datasetfs.format;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Codec;
import io.datasetfs.model.Digest;
import io.datasetfs.model.Extent;
import io.datasetfs.model.FsException;
import io.datasetfs.model.PackId;
import io.datasetfs.model.TreeEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Pages in memory, each once, and trees of them read back. */
final class PageStore implements PageSink {
  static final PackId PACK = new PackId(0x1122, 0x3344);

  final Map<Digest, byte[]> pages = new HashMap<>();
  private final Map<Digest, BlockRef> places = new HashMap<>();
  private long offset = PackLayout.HEADER_BYTES;

  @Override
  public BlockRef store(byte[] page) {
    Digest digest = Digest.compute(page);
    BlockRef known = places.get(digest);
    if (known != null) {
      return known;
    }
    BlockRef ref = new BlockRef(PACK, offset, page.length, page.length, Codec.RAW, digest);
    offset += page.length;
    pages.put(digest, page);
    places.put(digest, ref);
    return ref;
  }

  byte[] load(BlockRef ref) {
    return pages.get(ref.digest());
  }

  /** The entries of the directory with this root page, in stored order. */
  List<TreeEntry> entries(BlockRef root) throws FsException {
    List<TreeEntry> found = new ArrayList<>();
    if (root != null) {
      collectEntries(root, found);
    }
    return found;
  }

  private void collectEntries(BlockRef ref, List<TreeEntry> found) throws FsException {
    DirectoryPage page = DirectoryPage.decode(load(ref));
    for (int i = 0; i < page.size(); i++) {
      if (page.isIndex()) {
        int before = found.size();
        collectEntries(page.child(i).page(), found);
        if (found.size() - before != page.child(i).entries()) {
          throw new AssertionError("a child has another number of entries than its index says");
        }
      } else {
        found.add(page.entry(i));
      }
    }
  }

  /** The extents below this root page, in file order. */
  List<Extent> extents(BlockRef root) throws FsException {
    List<Extent> found = new ArrayList<>();
    collectExtents(root, found);
    return found;
  }

  private long collectExtents(BlockRef ref, List<Extent> found) throws FsException {
    ExtentPage page = ExtentPage.decode(load(ref));
    long length = 0;
    for (int i = 0; i < page.size(); i++) {
      if (page.isIndex()) {
        long covered = collectExtents(page.child(i).page(), found);
        if (covered != page.child(i).length()) {
          throw new AssertionError("a child covers another length than its index says");
        }
        length += covered;
      } else {
        found.add(page.extent(i));
        length += page.extent(i).length();
      }
    }
    return length;
  }

  /** How many index pages are above the pages of items. */
  int depth(BlockRef root) throws FsException {
    Page page = new Page(load(root));
    return switch (page.kind()) {
      case ENTRIES, EXTENTS -> 0;
      case ENTRY_INDEX -> 1 + depth(DirectoryPage.decode(load(root)).child(0).page());
      case EXTENT_INDEX -> 1 + depth(ExtentPage.decode(load(root)).child(0).page());
    };
  }

  /** The entry with this name, found page by page; {@code null} when there is none. */
  TreeEntry find(BlockRef root, byte[] name) throws FsException {
    BlockRef ref = root;
    while (true) {
      DirectoryPage page = DirectoryPage.decode(load(ref));
      int found = page.find(name);
      if (!page.isIndex()) {
        return found < 0 ? null : page.entry(found);
      }
      int child = found >= 0 ? found : -found - 2;
      if (child < 0) {
        return null;
      }
      ref = page.child(child).page();
    }
  }
}
