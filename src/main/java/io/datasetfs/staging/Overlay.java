package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Names;
import io.datasetfs.model.Utf8;
import io.datasetfs.read.EntrySink;
import io.datasetfs.read.TreeItem;
import java.util.List;
import java.util.Optional;

/**
 * An area's own names and rows laid over those of its base. An entry of the base has a row only
 * once it is touched, and then all directories above it have one too: what has no row is exactly as
 * it was committed. Thread-safe.
 */
final class Overlay {
  /** The top directory's number. */
  static final long ROOT = 1;

  private static final int MAX_NAME_BYTES = 255;
  private static final int BATCH = 256;

  private final Metadata metadata;

  /** What lies below, or {@code null}. */
  private final Base base;

  private final StagedInode root = StagedInode.of(ROOT, InodeKind.DIRECTORY);

  Overlay(Metadata metadata, Base base) {
    this.metadata = metadata;
    this.base = base;
  }

  StagedInode root() {
    return root;
  }

  /**
   * A name as it was found.
   *
   * @param directory where
   * @param name the name
   * @param committed the base's entry of that name, whether or not it shows; or {@code null}
   */
  record Found(StagedInode directory, String name, StagedInode committed) {
    NameRow.Key key() {
      return new NameRow.Key(directory.number(), name);
    }
  }

  /** Looks for a name in the base; what it finds stays true. Called without the lock. */
  Found look(StagedInode directory, String name) throws FsException {
    requireName(name);
    if (!directory.isDirectory()) {
      throw new FsException(FailureKind.NOT_DIRECTORY, "not a directory");
    }
    BasePlace place = require(directory).base();
    if (place == null) {
      return new Found(directory, name, null);
    }
    Optional<TreeItem> item = base.find(place, name);
    return new Found(directory, name, item.map(found -> committed(directory, found)).orElse(null));
  }

  private StagedInode committed(StagedInode directory, TreeItem item) {
    return StagedInode.committed(directory, base.row(directory.number(), item));
  }

  /** What a name means now, or {@code null}. */
  StagedInode now(Found found) throws FsException {
    NameRow name = metadata.name(found.directory().number(), found.name());
    if (name == null) {
      return found.committed();
    }
    return name.isLive() ? name.inode() : null;
  }

  /** The inode of that name in a directory, or {@code null}. */
  StagedInode find(StagedInode directory, String text) throws FsException {
    requireName(text);
    NameRow name = directory.isDirectory() ? metadata.name(directory.number(), text) : null;
    if (name != null) {
      return name.isLive() ? name.inode() : null;
    }
    return look(directory, text).committed();
  }

  private static void requireName(String name) throws FsException {
    if (!Utf8.isEncodable(name)) {
      throw new FsException(
          FailureKind.ILLEGAL_NAME, "not valid Unicode: '%s'".formatted(Names.printable(name)));
    }
    if (Utf8.encode(name).length > MAX_NAME_BYTES) {
      throw new FsException(FailureKind.NAME_TOO_LONG, "the name is longer than 255 bytes");
    }
    if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
      throw new FsException(
          FailureKind.INVALID, "not a file name: '%s'".formatted(Names.printable(name)));
    }
  }

  /**
   * The row of an inode, or that which it would begin with.
   *
   * @throws FsException NOT_FOUND when it is gone
   */
  Row require(StagedInode inode) throws FsException {
    Row row = metadata.row(inode.number());
    if (row == null && inode.template() != null && isShown(inode)) {
      row = inode.template();
    }
    if (row == null) {
      throw new FsException(FailureKind.NOT_FOUND, "the file is gone");
    }
    return row;
  }

  /** Whether an entry of the base that has no row is where it was committed. */
  private boolean isShown(StagedInode inode) throws FsException {
    StagedInode at = inode;
    while (at.template() != null) {
      Row parent = metadata.row(at.parent().number());
      if (parent != null) {
        // Below a directory without a row no name has changed.
        return parent.links() > 0
            && metadata.name(parent.number(), at.template().base().name()) == null;
      }
      at = at.parent();
    }
    return false;
  }

  /**
   * The row of an inode that is about to change, as a change has it so far; rows for the
   * directories above, where they have none, become part of the change. Called with the lock.
   */
  Row own(StagedInode inode, Change change) throws FsException {
    Row row = change.row(inode.number());
    if (row == null) {
      row = metadata.row(inode.number());
    }
    if (row != null) {
      return row;
    }
    row = require(inode);
    Row parent = own(inode.parent(), change);
    if (!parent.touched() || metadata.row(parent.number()) == null) {
      RowEdit edit = parent.edit();
      edit.touched = true;
      change.put(edit.done());
    }
    return row;
  }

  /** Lists a directory; see {@link StagedVersion#list}. */
  void list(StagedInode directory, long cookie, NameSink sink) throws FsException {
    Row row = require(directory);
    if (!row.isDirectory()) {
      throw new FsException(FailureKind.NOT_DIRECTORY, "not a directory");
    }
    long from = cookie;
    if (row.base() != null && from < Metadata.FIRST_NAME_ID) {
      Committed committed = new Committed(directory, sink);
      base.list(row.base(), from, committed);
      if (committed.refused) {
        return;
      }
    }
    from = Math.max(from, Metadata.FIRST_NAME_ID);
    while (true) {
      List<NameRow> names = metadata.names(directory.number(), from, BATCH);
      if (names.isEmpty()) {
        return;
      }
      for (NameRow name : names) {
        if (name.isLive() && !sink.add(name.name(), name.inode(), name.id())) {
          return;
        }
        from = name.id();
      }
    }
  }

  /** Gives the entries of the base that show. */
  private final class Committed implements EntrySink {
    private final StagedInode directory;
    private final NameSink sink;
    private boolean refused;

    Committed(StagedInode directory, NameSink sink) {
      this.directory = directory;
      this.sink = sink;
    }

    @Override
    public boolean add(TreeItem item, long position) throws FsException {
      if (metadata.name(directory.number(), item.entry().name()) == null) {
        refused = !sink.add(item.entry().name(), committed(directory, item), position);
      }
      return !refused;
    }
  }
}
