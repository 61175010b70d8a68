package io.datasetfs.staging;

import io.datasetfs.model.FsException;

/** An open directory of an uncommitted version. It can be asked about even when it is removed. */
public final class StagedDirectory implements AutoCloseable {
  private final Looking looking;
  private final Opening opening;
  private final StagedInode inode;
  private boolean closed;

  StagedDirectory(Looking looking, Opening opening, StagedInode inode) {
    this.looking = looking;
    this.opening = opening;
    this.inode = inode;
  }

  /** What is open. */
  public StagedInode inode() {
    return inode;
  }

  /**
   * Lists from {@code cookie} (0: the beginning) until the end or until the sink refuses. A name
   * that neither came nor went meanwhile is given exactly once. {@code .} and {@code ..} are not
   * among them.
   */
  public void list(long cookie, NameSink sink) throws FsException {
    looking.list(inode, cookie, sink);
  }

  @Override
  public synchronized void close() throws FsException {
    if (!closed) {
      closed = true;
      opening.closed(inode, null);
    }
  }
}
