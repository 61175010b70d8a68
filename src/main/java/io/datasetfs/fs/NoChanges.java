package io.datasetfs.fs;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.staging.AllocateMode;
import io.datasetfs.staging.AttributeChange;
import io.datasetfs.staging.AttributeMode;
import io.datasetfs.staging.RenameMode;
import java.nio.ByteBuffer;

/** The answers of a file system that takes no changes. */
public final class NoChanges implements FileChanges {
  private static FsException refusal() {
    return new FsException(FailureKind.READ_ONLY, "the file system takes no changes");
  }

  @Override
  public Created create(Inode directory, String name, int mode, OpenMode open, Requester requester)
      throws FsException {
    throw refusal();
  }

  @Override
  public Created createUnnamed(Inode directory, int mode, OpenMode open, Requester requester)
      throws FsException {
    throw refusal();
  }

  @Override
  public Inode makeNode(
      Inode directory, String name, FileType type, int mode, int device, Requester requester)
      throws FsException {
    throw refusal();
  }

  @Override
  public Inode makeDirectory(Inode directory, String name, int mode, Requester requester)
      throws FsException {
    throw refusal();
  }

  @Override
  public Inode makeSymlink(Inode directory, String name, String target, Requester requester)
      throws FsException {
    throw refusal();
  }

  @Override
  public void link(Inode inode, Inode directory, String name) throws FsException {
    throw refusal();
  }

  @Override
  public void unlink(Inode directory, String name) throws FsException {
    throw refusal();
  }

  @Override
  public void removeDirectory(Inode directory, String name) throws FsException {
    throw refusal();
  }

  @Override
  public void rename(
      Inode directory, String name, Inode newDirectory, String newName, RenameMode mode)
      throws FsException {
    throw refusal();
  }

  @Override
  public Attributes setAttributes(
      Inode inode, OpenFile file, AttributeChange change, Requester requester) throws FsException {
    throw refusal();
  }

  @Override
  public int write(OpenFile file, long offset, ByteBuffer source, Requester unprivileged)
      throws FsException {
    throw refusal();
  }

  @Override
  public void flush(OpenFile file) {}

  @Override
  public void sync(OpenFile file, boolean dataOnly) {}

  @Override
  public void sync(OpenDirectory directory) {}

  @Override
  public void allocate(
      OpenFile file, AllocateMode mode, long offset, long length, Requester unprivileged)
      throws FsException {
    throw refusal();
  }

  @Override
  public void setExtendedAttribute(Inode inode, String name, byte[] value, AttributeMode rule)
      throws FsException {
    throw refusal();
  }

  @Override
  public void removeExtendedAttribute(Inode inode, String name) throws FsException {
    throw refusal();
  }
}
