package io.datasetfs.fs;

import io.datasetfs.model.FsException;
import io.datasetfs.staging.AttributeChange;
import io.datasetfs.staging.SeekMode;
import io.datasetfs.staging.SetIdBits;
import io.datasetfs.staging.StagedFile;
import io.datasetfs.staging.StagedInode;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/** An open file of an uncommitted version. */
final class OpenStagedFile implements ReadableFile {
  private static final System.Logger LOG = System.getLogger(OpenStagedFile.class.getName());

  private final StagedNode node;
  private final StagedFile file;
  private final boolean changes;
  private final Runnable closing = this::close;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Made within the work that opens the file. */
  OpenStagedFile(StagedNode node, StagedFile file, OpenMode mode) {
    this.node = node;
    this.file = file;
    this.changes = mode.changes();
    node.tree().opened(closing);
  }

  /** Work on the file. */
  interface Work<T> {
    T on(StagedFile file) throws FsException;
  }

  /** Does work on the file, as long as the version is in use. */
  <T> T with(Work<T> work) throws FsException {
    return node.tree().with(version -> work.on(file));
  }

  /** Cuts or lengthens it, within other work on the version. */
  void truncate(long size) throws FsException {
    file.truncate(size);
  }

  /** Takes the set-user and set-group bits away, where somebody does not keep them. */
  void dropSetId(Requester unprivileged) throws FsException {
    StagedInode inode = node.inode();
    node.tree()
        .with(
            version -> {
              SetIdBits bits = SetId.of(version.attributes(inode), unprivileged);
              return bits == SetIdBits.KEPT
                  ? null
                  : version.setAttributes(inode, AttributeChange.NONE.withSetId(bits));
            });
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
    return changes;
  }

  @Override
  public int read(long offset, ByteBuffer target) throws FsException {
    return with(open -> open.read(offset, target));
  }

  @Override
  public long seek(long offset, SeekMode mode) throws FsException {
    return with(open -> open.seek(mode, offset));
  }

  @Override
  public void close() {
    // nobody waits for this: what was to be told of writing has been told by flushing
    if (closed.getAndSet(true)) {
      return;
    }
    try {
      file.close();
    } catch (FsException e) {
      LOG.log(Level.WARNING, "closing inode {0}: {1}", node.number(), e.getMessage());
    } finally {
      node.tree().closed(closing);
    }
  }
}
