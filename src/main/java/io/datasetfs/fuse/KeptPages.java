package io.datasetfs.fuse;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Remembers which inode's pages the kernel has under which of its node numbers. libfuse's high
 * level gives numbers to paths: were something else to appear under a path, the kernel would take
 * the old pages for its. So pages are kept only when the last open under the number was of the same
 * inode. About a million numbers are remembered; forgetting one costs reading the file again.
 * Thread-safe; each segment is guarded by itself.
 */
final class KeptPages {
  private static final int SEGMENTS = 256;
  private static final int SLOTS = 4096;

  private final AtomicReferenceArray<Segment> segments = new AtomicReferenceArray<>(SEGMENTS);

  /**
   * Notes an open.
   *
   * @param node the kernel's number
   * @param inode the inode's number, or 0 when its content can change
   * @return whether the pages that the kernel has under {@code node} are those of {@code inode}
   */
  boolean open(long node, long inode) {
    int index = (int) (node / SLOTS) & (SEGMENTS - 1);
    Segment segment = segments.get(index);
    if (segment == null) {
      segments.compareAndSet(index, null, new Segment());
      segment = segments.get(index);
    }
    return segment.open((int) node & (SLOTS - 1), node, inode);
  }

  private static final class Segment {
    private final long[] nodes = new long[SLOTS];
    private final long[] inodes = new long[SLOTS];

    synchronized boolean open(int slot, long node, long inode) {
      boolean same = inode != 0 && nodes[slot] == node && inodes[slot] == inode;
      nodes[slot] = node;
      inodes[slot] = inode;
      return same;
    }
  }
}
