package io.datasetfs.read;

import io.datasetfs.cache.BlockLoader;
import io.datasetfs.cache.MemoryTier;
import io.datasetfs.format.DirectoryPage;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.util.List;

/** The tree pages of one dataset, through memory. Thread-safe. */
public final class PageSource {
  private final MemoryTier<TreePage> memory;
  private final BlockLoader behind;
  private final Readahead readahead;

  /**
   * @param memory shared by all datasets
   * @param behind brings what is not in memory
   * @param readahead loads what is asked for ahead
   */
  public PageSource(MemoryTier<TreePage> memory, BlockLoader behind, Readahead readahead) {
    this.memory = memory;
    this.behind = behind;
    this.readahead = readahead;
  }

  /** Loads nothing ahead. */
  PageSource(MemoryTier<TreePage> memory, BlockLoader behind) {
    this(memory, behind, null);
  }

  /**
   * Asks for pages of directories that will be wanted soon, the first of them first. Returns at
   * once; what is in memory already costs nothing, failures are left to whoever really wants the
   * page.
   *
   * @param interest ends the wish
   */
  void ahead(List<BlockRef> refs, Interest interest) {
    if (readahead == null) {
      return;
    }
    readahead.submit(
        () -> {
          for (BlockRef ref : refs) {
            if (!interest.isWithdrawn() && !memory.holds(ref.digest())) {
              directory(ref);
            }
          }
        });
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

  private TreePage load(BlockRef ref, Decoder decoder) throws FsException {
    return memory.get(
        ref.digest(),
        () -> {
          byte[] bytes = behind.load(ref);
          try {
            return decoder.decode(bytes);
          } catch (FsException e) {
            throw e.kind() == FailureKind.CORRUPT ? malformed(ref, e.getMessage(), e) : e;
          }
        });
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
