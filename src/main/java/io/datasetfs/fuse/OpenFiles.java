package io.datasetfs.fuse;

import io.datasetfs.fs.Inode;
import io.datasetfs.fs.OpenFile;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The files that are open through libfuse, by handle and by the kernel's number of their path's
 * node. The kernel asks for attributes by number even of a file that somebody has open, and
 * libfuse, which makes a path of the number, finds none when it has been removed. Thread-safe.
 */
final class OpenFiles {
  private final Handles<Opened> handles = new Handles<>();

  /** The handles of a node. */
  private final Map<Long, Set<Long>> byNode = new ConcurrentHashMap<>();

  /**
   * An open file.
   *
   * @param node the kernel's number of the path that it was opened under
   * @param path that path, for the log
   */
  record Opened(OpenFile file, Inode inode, long node, String path) {}

  /** Keeps an open file and answers its handle. */
  long add(Opened opened) {
    long handle = handles.add(opened);
    byNode.compute(
        opened.node(),
        (node, known) -> {
          Set<Long> all = known == null ? new HashSet<>() : new HashSet<>(known);
          all.add(handle);
          return all;
        });
    return handle;
  }

  Opened require(long handle) throws Handles.UnknownHandle {
    return handles.require(handle);
  }

  /** The path of a handle, for the log. */
  String path(long handle) {
    Opened opened = handles.find(handle);
    return opened == null ? "?" : opened.path();
  }

  /** A file that is open under this number, or {@code null}. */
  Opened find(long node) {
    Set<Long> known = byNode.get(node);
    return known == null ? null : handles.find(known.iterator().next());
  }

  /** Forgets a handle and answers what it stood for. */
  Opened remove(long handle) throws Handles.UnknownHandle {
    Opened opened = handles.remove(handle);
    byNode.computeIfPresent(
        opened.node(),
        (node, known) -> {
          Set<Long> all = new HashSet<>(known);
          all.remove(handle);
          return all.isEmpty() ? null : all;
        });
    return opened;
  }

  void drain(Consumer<Opened> consumer) {
    handles.drain(consumer);
    byNode.clear();
  }
}
