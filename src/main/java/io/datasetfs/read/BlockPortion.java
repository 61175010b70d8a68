package io.datasetfs.read;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Digest;
import io.datasetfs.model.Extent;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.TreeEntry.FileContent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The blocks of consecutive small files, up to a number of bytes. Used by one thread. */
final class BlockPortion {
  /** Files that are loaded ahead with their neighbours: reading one takes but a request or two. */
  static final long SMALL = 4 << 20;

  /** Files without blocks of their own are looked at no further than this. */
  private static final int MAX_FILES = 20_000;

  private final long bound;
  private final Set<BlockRef> refs = new LinkedHashSet<>();
  private long bytes;
  private int files;

  BlockPortion(long bound) {
    this.bound = bound;
  }

  /** Where a small file begins, or {@code null} when it is not one or is stored in its entry. */
  static BlockRef firstBlock(TreeEntry.File file) {
    if (file.size() <= SMALL && file.content() instanceof FileContent.Extents list) {
      for (Extent extent : list.extents()) {
        if (extent instanceof Extent.Stored stored) {
          return stored.block();
        }
      }
    }
    return null;
  }

  /** Where a file ends that has a first block. */
  static BlockRef lastBlock(TreeEntry.File file) {
    BlockRef last = null;
    for (Extent extent : ((FileContent.Extents) file.content()).extents()) {
      last = extent instanceof Extent.Stored stored ? stored.block() : last;
    }
    return last;
  }

  boolean isFull() {
    return bytes >= bound || files >= MAX_FILES;
  }

  void add(TreeEntry.File file) {
    files++;
    if (file.size() > SMALL || !(file.content() instanceof FileContent.Extents list)) {
      return;
    }
    for (Extent extent : list.extents()) {
      if (extent instanceof Extent.Stored stored && refs.add(stored.block())) {
        bytes += stored.block().rawLength();
      }
    }
  }

  List<BlockRef> refs() {
    return new ArrayList<>(refs);
  }

  /** The later half: when one of these is read, it is time for the next portion. */
  Set<Digest> laterHalf() {
    return refs.stream().skip(refs.size() / 2).map(BlockRef::digest).collect(Collectors.toSet());
  }
}
