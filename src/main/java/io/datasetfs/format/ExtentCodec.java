package io.datasetfs.format;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Extent;
import io.datasetfs.model.FsException;
import java.util.ArrayList;
import java.util.List;

/**
 * One extent: 0 and a length for a hole, else the block's number plus 1, the offset in it and a
 * length.
 */
final class ExtentCodec {
  private static final int MIN_BYTES = 2;

  private ExtentCodec() {}

  static void encode(Extent extent, PageBuilder page) {
    EncodedOutput out = page.items();
    if (extent instanceof Extent.Stored stored) {
      out.putVarint(page.indexOf(stored.block()) + 1L);
      out.putVarint(stored.offset());
    } else {
      out.putVarint(0);
    }
    out.putVarint(extent.length());
  }

  static Extent decode(EncodedInput in, Page page) throws FsException {
    int number = in.getBounded(page.blockCount());
    if (number == 0) {
      long length = in.getSize();
      if (length == 0) {
        throw EncodedInput.corrupt("an empty hole");
      }
      return new Extent.Hole(length);
    }
    BlockRef block = page.block(number - 1);
    int offset = in.getBounded(block.rawLength());
    int length = in.getBounded(block.rawLength() - offset);
    if (length == 0) {
      throw EncodedInput.corrupt("an empty extent");
    }
    return new Extent.Stored(block, offset, length);
  }

  /** A counted list that must cover exactly {@code size} bytes. */
  static List<Extent> decodeList(EncodedInput in, Page page, long size) throws FsException {
    int count = in.getCount(MIN_BYTES);
    List<Extent> extents = new ArrayList<>(count);
    long covered = 0;
    for (int i = 0; i < count; i++) {
      Extent extent = decode(in, page);
      extents.add(extent);
      covered += extent.length();
      if (covered < 0 || covered > size) {
        break;
      }
    }
    if (covered != size) {
      throw EncodedInput.corrupt("the extents of a file do not cover it");
    }
    return extents;
  }
}
