package io.datasetfs.fuse.kernel;

import io.datasetfs.fs.FileSystem;
import io.datasetfs.fs.Inode;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The inodes that the kernel knows, each with the number of times that it was told of it: the
 * kernel gives them back by that number. A node has the number of its inode, which is the same in
 * every mount; so numbers never come to stand for something else, and need no generations. The one
 * in many millions whose number another inode has already gets a number of its own.
 *
 * <p>A million nodes take about 33 MiB besides the inodes. Thread-safe.
 */
final class NodeTable {
  private static final int SEGMENTS = 16;

  /** What numbers of inodes never have. */
  private static final long STRAY = Long.MIN_VALUE;

  private final FileSystem fs;
  private final NodeSegment[] segments = new NodeSegment[SEGMENTS];

  /** What a name that may change its meaning stands for. */
  private final Map<Place, Long> names = new ConcurrentHashMap<>();

  /** Inodes whose number was taken. Guarded by itself. */
  private final Map<Inode, Long> strays = new HashMap<>();

  /** Guarded by {@link #strays}. */
  private long nextStray = STRAY;

  /**
   * Where a node was found.
   *
   * @param directory the node of the directory
   * @param name its name in it; {@code null} when nobody will ask for it
   */
  record Place(long directory, String name) {}

  /**
   * @param fs is told which inodes the kernel knows
   */
  NodeTable(FileSystem fs) {
    this.fs = fs;
    for (int i = 0; i < SEGMENTS; i++) {
      segments[i] = new NodeSegment(fs);
    }
  }

  private NodeSegment segment(long node) {
    return segments[(int) node & (SEGMENTS - 1)];
  }

  /**
   * Notes that the kernel is told of an inode once more. The top directory is always known and not
   * to be noted.
   *
   * @param directory the node of the directory that it was found in
   * @param name its name there; {@code null} when nobody will ask for it
   * @param isDirectory whether it is a directory itself
   * @return its node
   */
  long add(Inode inode, long directory, String name, boolean isDirectory) {
    boolean mayChange = name != null && !inode.immutable();
    Place place = mayChange || isDirectory ? new Place(directory, mayChange ? name : null) : null;
    long node = inode.number();
    if (mayChange && isDirectory) {
      forgetName(inode, place);
    }
    if (node == Protocol.ROOT || !segment(node).add(node, inode, place)) {
      node = addStray(inode, place);
    }
    if (mayChange) {
      names.put(place, node);
    }
    return node;
  }

  /** A directory has one name. */
  private void forgetName(Inode directory, Place newPlace) {
    long node = directory.number();
    Place before = segment(node).place(node);
    if (before != null && !before.equals(newPlace) && directory.equals(find(node))) {
      names.remove(before, node);
    }
  }

  private long addStray(Inode inode, Place place) {
    synchronized (strays) {
      long node = strays.computeIfAbsent(inode, key -> nextStray++);
      segment(node).add(node, inode, place);
      return node;
    }
  }

  /** The inode of a node, or {@code null}. */
  Inode find(long node) {
    return segment(node).find(node);
  }

  /** The node of the directory in which a directory was found, or 0. */
  long parent(long node) {
    Place place = segment(node).place(node);
    return place == null ? 0 : place.directory();
  }

  /** The node that the kernel was told of last under a name that may change its meaning, or 0. */
  long find(long directory, String name) {
    return names.getOrDefault(new Place(directory, name), 0L);
  }

  /** Takes back what the kernel was told so many times. */
  void forget(long node, long times) {
    Inode stray = node < 0 ? find(node) : null;
    if (stray == null) {
      forgotten(segment(node).forget(node, times), node);
      return;
    }
    NodeSegment.Forgotten forgotten;
    synchronized (strays) {
      forgotten = segment(node).forget(node, times);
      if (find(node) == null) {
        strays.remove(stray);
      }
    }
    forgotten(forgotten, node);
  }

  private void forgotten(NodeSegment.Forgotten forgotten, long node) {
    if (forgotten == null) {
      return;
    }
    Place place = forgotten.place();
    if (place != null && place.name() != null) {
      names.remove(place, node);
    }
    fs.forget(forgotten.inode());
  }

  /**
   * Notes that something has come into another directory.
   *
   * @param from the node of the directory that it was in
   * @param to the node of the directory that it is in
   */
  void moved(long from, long to, Inode inode) {
    segment(inode.number()).moved(inode.number(), from, to, inode);
  }

  /** Forgets everything, when the kernel has. */
  void clear() {
    for (NodeSegment segment : segments) {
      segment.clear().forEach(fs::forget);
    }
    names.clear();
    synchronized (strays) {
      strays.clear();
    }
  }

  /** How many nodes the kernel knows besides the top. */
  int size() {
    int size = 0;
    for (NodeSegment segment : segments) {
      size += segment.size();
    }
    return size;
  }

  /** How many names are kept in mind. */
  int names() {
    return names.size();
  }
}
