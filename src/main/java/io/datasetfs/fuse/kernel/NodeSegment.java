package io.datasetfs.fuse.kernel;

import io.datasetfs.fs.FileSystem;
import io.datasetfs.fs.Inode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A part of the {@link NodeTable}: a hash table with open addressing, since objects for entries
 * would take more room than the inodes themselves. Thread-safe; guarded by itself.
 */
final class NodeSegment {
  private static final int SMALLEST = 32;
  private static final int LONG_BITS = 64;
  private static final long SPREAD = 0x9e3779b97f4a7c15L;

  private long[] nodes = new long[SMALLEST];
  private Inode[] inodes = new Inode[SMALLEST];

  /** So many lookups; {@code Integer.MAX_VALUE} and more are never forgotten. */
  private int[] counts = new int[SMALLEST];

  private int size;

  private final FileSystem fs;

  /** Of directories, and of what may change. */
  private final Map<Long, NodeTable.Place> places = new HashMap<>();

  /**
   * @param fs is told of inodes that become known
   */
  NodeSegment(FileSystem fs) {
    this.fs = fs;
  }

  /**
   * Counts a lookup.
   *
   * @param place where it was found; {@code null}: need not be kept
   * @return whether that could be done; {@code false} when another inode has the number
   */
  synchronized boolean add(long node, Inode inode, NodeTable.Place place) {
    int slot = slot(node);
    if (inodes[slot] == null) {
      if (size >= inodes.length - inodes.length / 4) {
        resize(inodes.length * 2);
        slot = slot(node);
      }
      nodes[slot] = node;
      inodes[slot] = inode;
      size++;
      fs.remember(inode);
    } else if (!inodes[slot].equals(inode)) {
      return false;
    }
    if (counts[slot] < Integer.MAX_VALUE) {
      counts[slot]++;
    }
    if (place != null) {
      places.put(node, place);
    }
    return true;
  }

  synchronized Inode find(long node) {
    return inodes[slot(node)];
  }

  synchronized NodeTable.Place place(long node) {
    return places.get(node);
  }

  synchronized int size() {
    return size;
  }

  /**
   * What is not known any more.
   *
   * @param place where it was found, if that was kept
   */
  record Forgotten(Inode inode, NodeTable.Place place) {}

  /** Takes lookups back. Answers what those were the last of, or {@code null}. */
  synchronized Forgotten forget(long node, long times) {
    int slot = slot(node);
    if (inodes[slot] == null || counts[slot] == Integer.MAX_VALUE) {
      return null;
    }
    if (counts[slot] > times) {
      counts[slot] -= (int) times;
      return null;
    }
    Inode inode = inodes[slot];
    remove(slot);
    if (inodes.length > SMALLEST && size < inodes.length / 8) {
      resize(inodes.length / 2);
    }
    return new Forgotten(inode, places.remove(node));
  }

  /** Gives a directory another place, if it is known and had the one that is told. */
  synchronized void moved(long node, long from, long to, Inode inode) {
    NodeTable.Place place = places.get(node);
    if (place != null && place.directory() == from && inode.equals(inodes[slot(node)])) {
      places.put(node, new NodeTable.Place(to, place.name()));
    }
  }

  /** Forgets everything, and answers what that was. */
  synchronized List<Inode> clear() {
    List<Inode> all = Arrays.stream(inodes).filter(Objects::nonNull).toList();
    nodes = new long[SMALLEST];
    inodes = new Inode[SMALLEST];
    counts = new int[SMALLEST];
    size = 0;
    places.clear();
    return all;
  }

  /** Where a node is, or would be. */
  private int slot(long node) {
    int slot = home(node);
    while (inodes[slot] != null && nodes[slot] != node) {
      slot = next(slot);
    }
    return slot;
  }

  private int home(long node) {
    return (int) ((node * SPREAD) >>> (LONG_BITS - Integer.numberOfTrailingZeros(inodes.length)));
  }

  private int next(int slot) {
    return (slot + 1) & (inodes.length - 1);
  }

  /** Empties a slot, and moves up those behind that would not be found any more. */
  private void remove(int slot) {
    int hole = slot;
    for (int at = next(hole); inodes[at] != null; at = next(at)) {
      int distance = (at - home(nodes[at])) & (inodes.length - 1);
      if (distance >= ((at - hole) & (inodes.length - 1))) {
        nodes[hole] = nodes[at];
        inodes[hole] = inodes[at];
        counts[hole] = counts[at];
        hole = at;
      }
    }
    inodes[hole] = null;
    counts[hole] = 0;
    size--;
  }

  private void resize(int length) {
    long[] oldNodes = nodes;
    Inode[] oldInodes = inodes;
    int[] oldCounts = counts;
    nodes = new long[length];
    inodes = new Inode[length];
    counts = new int[length];
    for (int i = 0; i < oldInodes.length; i++) {
      if (oldInodes[i] != null) {
        int slot = slot(oldNodes[i]);
        nodes[slot] = oldNodes[i];
        inodes[slot] = oldInodes[i];
        counts[slot] = oldCounts[i];
      }
    }
  }
}
