package io.datasetfs.staging;

import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.Utf8;
import io.datasetfs.read.TreeItem;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One walk through a sealed version, everything of which is in the tables. Keeps a position a level
 * rather than a call a level. Used by one thread.
 */
final class CommitWalk {
  private static final int BATCH = 1024;
  private static final Comparator<String> BY_BYTES =
      (a, b) -> Utf8.compare(Utf8.encode(a), Utf8.encode(b));

  private final Metadata metadata;
  private final ContentFiles files;
  private final Base base;
  private final Clock clock;
  private final Deque<Level> levels = new ArrayDeque<>();

  CommitWalk(Metadata metadata, ContentFiles files, Base base, Clock clock) {
    this.metadata = metadata;
    this.files = files;
    this.base = base;
    this.clock = clock;
  }

  void run(StagedVisitor visitor) throws FsException {
    Row root = metadata.row(Overlay.ROOT);
    visit("", "", root, visitor);
    while (!levels.isEmpty()) {
      Level level = levels.element();
      if (!level.visitNext(visitor)) {
        levels.pop();
        visitor.endDirectory();
      }
    }
  }

  private void visit(String path, String name, Row row, StagedVisitor visitor) throws FsException {
    switch (row.kind()) {
      case DIRECTORY -> visitDirectory(path, name, row, visitor);
      case FILE -> visitFile(path, name, row, visitor);
      case SYMLINK -> visitor.symlink(path, name, row.attributes(), row.target());
      default -> visitor.special(path, row.kind());
    }
  }

  private void visitDirectory(String path, String name, Row row, StagedVisitor visitor)
      throws FsException {
    if (row.base() != null && !row.touched()) {
      TreeEntry.Directory entry = base.directory(row.base());
      visitor.committed(
          path,
          new TreeEntry.Directory(name, row.mode(), row.mtime(), entry.summary(), entry.page()));
      return;
    }
    visitor.beginDirectory(path, name, row.attributes());
    levels.push(new Level(path, row));
  }

  private void visitFile(String path, String name, Row row, StagedVisitor visitor)
      throws FsException {
    if (row.base() != null) {
      TreeEntry.File entry = base.file(row.base());
      if (isCommitted(row, entry)) {
        visitor.committed(
            path,
            new TreeEntry.File(
                name, row.mode(), row.mtime(), entry.size(), entry.digest(), entry.content()));
        return;
      }
    }
    visitor.file(path, name, row.attributes(), new StagedContent(content(row), base, row.base()));
  }

  /** Whether all of a file is as it was; leaves nothing open, since a walk may be far ahead. */
  private boolean isCommitted(Row row, TreeEntry.File entry) throws FsException {
    try (Content content = content(row)) {
      return content.isCommitted(entry.size());
    }
  }

  private Content content(Row row) {
    return new Content(row, metadata, files, base, clock);
  }

  /** A touched directory, part of which was visited. */
  private final class Level {
    private final String path;
    private final Row directory;

    /** The area's own names that were not visited yet. */
    private final TreeMap<String, NameRow> own = new TreeMap<>(BY_BYTES);

    /** The rows of the base's entries that have one. */
    private final Map<Long, Row> rows = new HashMap<>();

    private final Deque<TreeItem> committed = new ArrayDeque<>();
    private long position;
    private boolean listed;

    Level(String path, Row directory) throws FsException {
      this.path = path;
      this.directory = directory;
      long after = 0;
      while (true) {
        List<NameRow> names = metadata.tables().names(directory.number(), after, BATCH);
        if (names.isEmpty()) {
          break;
        }
        for (NameRow name : names) {
          own.put(name.name(), name);
          after = name.id();
        }
      }
      for (Row row : metadata.tables().rowsFrom(directory.number())) {
        rows.put(row.number(), row);
      }
      this.listed = directory.base() == null;
    }

    /** Visits one name, or says that there are no more. */
    boolean visitNext(StagedVisitor visitor) throws FsException {
      fill();
      TreeItem item = committed.peek();
      if (own.isEmpty() && item == null) {
        return false;
      }
      String first = own.isEmpty() ? null : own.firstKey();
      int order = item == null ? -1 : first == null ? 1 : BY_BYTES.compare(first, name(item));
      if (order >= 0) {
        committed.remove();
      }
      if (order > 0) {
        visitCommitted(item, visitor);
        return true;
      }
      NameRow name = own.pollFirstEntry().getValue();
      if (name.isLive()) {
        visit(below(name.name()), name.name(), metadata.row(name.child()), visitor);
      }
      return true;
    }

    private void visitCommitted(TreeItem item, StagedVisitor visitor) throws FsException {
      String name = name(item);
      Row row = rows.isEmpty() ? null : rows.get(Base.number(directory.number(), name));
      if (row == null) {
        visitor.committed(below(name), item.entry());
      } else {
        visit(below(name), name, row, visitor);
      }
    }

    private void fill() throws FsException {
      if (listed || !committed.isEmpty()) {
        return;
      }
      base.list(
          directory.base(),
          position,
          (item, next) -> {
            committed.add(item);
            position = next;
            return committed.size() < BATCH;
          });
      listed = committed.size() < BATCH;
    }

    private String below(String name) {
      return path.isEmpty() ? name : path + "/" + name;
    }
  }

  private static String name(TreeItem item) {
    return item.entry().name();
  }
}
