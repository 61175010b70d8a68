package io.datasetfs.fs;

import io.datasetfs.model.FsException;
import io.datasetfs.staging.AttributeChange;
import io.datasetfs.staging.SeekMode;
import io.datasetfs.staging.StagedFile;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/** An open file of an uncommitted version. */
final class OpenStagedFile implements ReadableFile {
  private static final System.Logger LOG = System.getLogger(OpenStagedFile.class.getName());
  private static final int SET_ID = 06000;

  private final StagedNode node;
  private final StagedFile file;
  private final AtomicBoolean closed = new AtomicBoolean();

  OpenStagedFile(StagedNode node, StagedFile file) {
    this.node = node;
    this.file = file;
    node.tree().use();
  }

  StagedFile file() {
    return file;
  }

  /** Takes the set-user and set-group bits away, where there are any. */
  void dropSetId() throws FsException {
    if ((node.version().attributes(node.inode()).mode() & SET_ID) != 0) {
      node.version().setAttributes(node.inode(), AttributeChange.NONE.withoutSetId());
    }
  }

  @Override
  public boolean immutable() {
    return false;
  }

  @Override
  public boolean changesOnlyHere() {
    return true;
  }

  @Override
  public boolean wantsFlush() {
    return true;
  }

  @Override
  public int read(long offset, ByteBuffer target) throws FsException {
    return file.read(offset, target);
  }

  @Override
  public long seek(long offset, SeekMode mode) throws FsException {
    return file.seek(mode, offset);
  }

  /** Nobody waits for this: what was to be told of writing has been told by flushing. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    try {
      file.close();
    } catch (FsException e) {
      LOG.log(Level.WARNING, "closing inode {0}: {1}", node.number(), e.getMessage());
    } finally {
      node.tree().leave();
    }
  }
}
