package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;

/** The opening and closing of files and directories. Thread-safe. */
final class Opening {
  private final Metadata metadata;
  private final Base base;
  private final Overlay overlay;
  private final OpenInodes open;
  private final Seal seal;
  private final Namespace namespace;

  Opening(
      Metadata metadata,
      Base base,
      Overlay overlay,
      OpenInodes open,
      Seal seal,
      Namespace namespace) {
    this.metadata = metadata;
    this.base = base;
    this.overlay = overlay;
    this.open = open;
    this.seal = seal;
    this.namespace = namespace;
  }

  /** As {@link StagedVersion#create}. */
  StagedFile create(StagedInode directory, String name, Draft draft, OpenMode how)
      throws FsException {
    Overlay.Found found = overlay.look(directory, name);
    metadata.awaitRoom();
    metadata.lock().lock();
    try {
      awaitTurn(how);
      return openRow(namespace.create(found, draft), how);
    } finally {
      metadata.lock().unlock();
    }
  }

  /** As {@link StagedVersion#createNameless}. */
  StagedFile createNameless(StagedInode directory, Draft draft, OpenMode how) throws FsException {
    metadata.lock().lock();
    try {
      awaitTurn(how);
      return openRow(namespace.createNameless(directory, draft), how);
    } finally {
      metadata.lock().unlock();
    }
  }

  /** As {@link StagedVersion#open}. */
  StagedFile open(StagedInode inode, OpenMode how) throws FsException {
    switch (inode.kind()) {
      case FILE -> {}
      case DIRECTORY -> throw new FsException(FailureKind.IS_DIRECTORY, "is a directory");
      case SYMLINK -> throw new FsException(FailureKind.LOOP, "is a symbolic link");
      default -> throw new FsException(FailureKind.NO_DATA, "is a special file");
    }
    StagedFile file;
    metadata.lock().lock();
    try {
      awaitTurn(how);
      file = openRow(inode, how);
    } finally {
      metadata.lock().unlock();
    }
    if (how.truncate()) {
      try {
        file.truncate(0);
      } catch (FsException e) {
        file.close();
        throw e;
      }
    }
    return file;
  }

  /** Called with the lock, which may be given up meanwhile. */
  private void awaitTurn(OpenMode how) throws FsException {
    if (writes(how)) {
      seal.awaitTurn();
    }
  }

  private static boolean writes(OpenMode how) {
    return how.write() || how.truncate();
  }

  /** Called with the lock. */
  private StagedFile openRow(StagedInode inode, OpenMode how) throws FsException {
    OpenInodes.Writer writer = null;
    Row row;
    if (writes(how)) {
      row = ownRow(inode, how.truncate() ? 0 : Long.MAX_VALUE);
      writer = new OpenInodes.Writer(inode, how.process());
    } else {
      row = overlay.require(inode);
    }
    Content content = open.acquire(row);
    if (writer != null) {
      open.addWriter(writer);
    }
    return new StagedFile(this, inode, content, writer, base, row.base());
  }

  /**
   * The row of an inode that is about to be written to. Called with the lock.
   *
   * @param length what it is cut to next, if it is longer
   */
  private Row ownRow(StagedInode inode, long length) throws FsException {
    Row row = metadata.row(inode.number());
    if (row == null) {
      Change change = new Change();
      row = overlay.own(inode, change);
      metadata.apply((row.size() > length ? change.freeingSpace() : change).put(row));
    }
    return row;
  }

  /** Opens a file for a moment to set its length; gives whether that cut it. */
  boolean truncate(StagedInode inode, long length) throws FsException {
    try (Truncation truncation = new Truncation(inode, length)) {
      boolean cut = length < truncation.content.size();
      truncation.content.truncate(length);
      return cut;
    }
  }

  /** A file that is opened for a moment to change its length. */
  private final class Truncation implements AutoCloseable {
    final Content content;
    private final StagedInode inode;
    private final OpenInodes.Writer writer;

    Truncation(StagedInode inode, long length) throws FsException {
      this.inode = inode;
      this.writer = new OpenInodes.Writer(inode, 0);
      metadata.lock().lock();
      try {
        if (open.hasWriter(inode.number())) {
          seal.requireUnsealed();
        } else {
          seal.awaitTurn();
        }
        content = open.acquire(ownRow(inode, length));
        open.addWriter(writer);
      } finally {
        metadata.lock().unlock();
      }
    }

    @Override
    public void close() throws FsException {
      try {
        content.flush();
      } finally {
        closed(inode, writer);
      }
    }
  }

  /** Keeps a directory that is about to be listed, also when its name goes. */
  void acquireDirectory(StagedInode inode) throws FsException {
    if (!inode.isDirectory()) {
      throw new FsException(FailureKind.NOT_DIRECTORY, "not a directory");
    }
    metadata.lock().lock();
    try {
      open.acquire(overlay.require(inode));
    } finally {
      metadata.lock().unlock();
    }
  }

  /** Refuses changes of content once the version is sealed. */
  void requireUnsealed() throws FsException {
    seal.requireUnsealed();
  }

  /**
   * A file or directory was closed.
   *
   * @param writer what it was open for writing as, or {@code null}
   */
  void closed(StagedInode inode, OpenInodes.Writer writer) throws FsException {
    if (writer != null) {
      metadata.lock().lock();
      try {
        open.removeWriter(writer);
      } finally {
        metadata.lock().unlock();
      }
    }
    open.release(inode.number());
  }
}
