package io.datasetfs.read;

import io.datasetfs.cache.BlockLoader;
import io.datasetfs.cache.MemoryTier;
import io.datasetfs.format.DirectoryPage;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.util.List;

/** The tree pages of one dataset, decoded and kept in memory. Thread-safe. */
public final class PageSource {
  private final MemoryTier<TreePage> memory;
  private final BlockSource stored;
  private final BlockLoader behind;

  /**
   * @param memory shared by all datasets
   * @param stored the pages as they are stored
   */
  public PageSource(MemoryTier<TreePage> memory, BlockSource stored) {
    this(memory, stored, stored::load);
  }

  /**
   * @param behind what loads from {@code stored}
   */
  PageSource(MemoryTier<TreePage> memory, BlockSource stored, BlockLoader behind) {
    this.memory = memory;
    this.stored = stored;
    this.behind = behind;
  }

  /** A page of a directory. */
  TreePage.OfDirectory directory(BlockRef ref) throws FsException {
    TreePage page = load(ref, bytes -> new TreePage.OfDirectory(ref, DirectoryPage.decode(bytes)));
    if (page instanceof TreePage.OfDirectory directory) {
      return directory;
    }
    throw malformed(ref, "it holds extents where a directory was expected", null);
  }

  /** A page of a file's extents. */
  ExtentTable extents(BlockRef ref) throws FsException {
    TreePage page = load(ref, bytes -> new TreePage.OfExtents(ExtentTable.of(bytes)));
    if (page instanceof TreePage.OfExtents extents) {
      return extents.table();
    }
    throw malformed(ref, "it holds a directory where extents were expected", null);
  }

  /**
   * Asks for pages that will be wanted soon, the first of them first. Returns at once.
   *
   * @param interest ends the wish
   */
  void ahead(List<BlockRef> refs, Interest interest) {
    stored.ahead(refs.stream().filter(ref -> !memory.holds(ref.digest())).toList(), interest);
  }

  private TreePage load(BlockRef ref, Decoder decoder) throws FsException {
    TreePage known = memory.find(ref.digest());
    if (known != null) {
      return known;
    }
    byte[] bytes = behind.load(ref);
    known = memory.find(ref.digest());
    if (known != null) {
      return known; // decoded by another thread that waited for the same bytes
    }
    try {
      TreePage page = decoder.decode(bytes);
      memory.put(ref.digest(), page);
      return page;
    } catch (FsException e) {
      throw e.kind() == FailureKind.CORRUPT ? malformed(ref, e.getMessage(), e) : e;
    } finally {
      stored.release(ref);
    }
  }

  /** A page that is what was written, and makes no sense. */
  static FsException malformed(BlockRef ref, String why, FsException cause) {
    return new FsException(
        FailureKind.CORRUPT,
        "the page at %d of pack %s: %s".formatted(ref.offset(), ref.pack(), why),
        cause);
  }

  private interface Decoder {
    TreePage decode(byte[] bytes) throws FsException;
  }
}
