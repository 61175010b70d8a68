package io.datasetfs.staging;

import io.datasetfs.model.FsException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is open: an inode that is keeps its row and its bytes when its last name goes. Guarded by
 * the lock of {@link Metadata}, except where it says otherwise.
 */
final class OpenInodes {
  private static final System.Logger LOG = System.getLogger(OpenInodes.class.getName());

  private final Metadata metadata;
  private final ContentFiles files;
  private final Base base;
  private final Clock clock;
  private final Map<Long, Open> byNumber = new HashMap<>();

  /** Inodes that are open for writing, by process. */
  private final List<Writer> writers = new ArrayList<>();

  private static final class Open {
    /** Of a regular file, else {@code null}. */
    final Content content;

    int handles;

    Open(Content content) {
      this.content = content;
    }
  }

  /** A file that is open for writing, and by which process. */
  record Writer(StagedInode inode, long process) {}

  OpenInodes(Metadata metadata, ContentFiles files, Base base, Clock clock) {
    this.metadata = metadata;
    this.files = files;
    this.base = base;
    this.clock = clock;
  }

  boolean isOpen(long number) {
    return byNumber.containsKey(number);
  }

  /** Opens an inode once more; gives its content if it is a file. */
  Content acquire(Row row) {
    Open open = byNumber.get(row.number());
    if (open == null) {
      Content content = row.isFile() ? new Content(row, metadata, files, base, clock) : null;
      open = new Open(content);
      byNumber.put(row.number(), open);
    }
    open.handles++;
    return open.content;
  }

  /** Opens a file for writing, after {@link #acquire}. */
  void addWriter(Writer writer) {
    writers.add(writer);
  }

  void removeWriter(Writer writer) {
    writers.remove(writer);
  }

  List<Writer> writers() {
    return List.copyOf(writers);
  }

  /** The same, for who has no lock. */
  List<Writer> writersNow() {
    metadata.lock().lock();
    try {
      return writers();
    } finally {
      metadata.lock().unlock();
    }
  }

  boolean hasWriter(long number) {
    return writers.stream().anyMatch(writer -> writer.inode().number() == number);
  }

  /** The content of an open file, or {@code null}. */
  Content find(long number) {
    Open open = byNumber.get(number);
    return open == null ? null : open.content;
  }

  /** Closes an inode once. Called without the lock. */
  void release(long number) throws FsException {
    Row orphan = null;
    Content content = null;
    metadata.lock().lock();
    try {
      Open open = byNumber.get(number);
      // All were closed if the version was.
      if (open != null && --open.handles == 0) {
        byNumber.remove(number);
        content = open.content;
        Row row = metadata.row(number);
        orphan = row != null && row.links() == 0 ? row : null;
      }
    } finally {
      metadata.lock().unlock();
    }
    if (content != null) {
      content.close();
    }
    reap(orphan);
  }

  /** Whether a file may have bytes of its own on the disk. */
  static boolean hasContent(Row row) {
    return row.dirty() || row.size() > 0 || row.blocks() > 0;
  }

  /**
   * Removes what is left of an inode without names that is not open. Called without the lock.
   *
   * @param orphan its row, or {@code null} for nothing to do
   */
  void reap(Row orphan) {
    if (orphan == null) {
      return;
    }
    try {
      files.remove(orphan);
      metadata.lock().lock();
      try {
        metadata.apply(new Change().freeingSpace().remove(orphan.number()));
      } finally {
        metadata.lock().unlock();
      }
    } catch (FsException e) {
      // The name has gone; what is left goes when the area is opened next.
      LOG.log(System.Logger.Level.WARNING, "what a deleted file held: " + e.getMessage());
    }
  }

  /**
   * Closes all. Called without the lock.
   *
   * @throws FsException what the first that failed met; the others are closed, too
   */
  void close() throws FsException {
    List<Content> contents = new ArrayList<>();
    metadata.lock().lock();
    try {
      byNumber.values().forEach(open -> contents.add(open.content));
      byNumber.clear();
      writers.clear();
    } finally {
      metadata.lock().unlock();
    }
    FsException failure = null;
    for (Content content : contents) {
      try (content) {
        if (content != null) {
          content.flush();
        }
      } catch (FsException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
