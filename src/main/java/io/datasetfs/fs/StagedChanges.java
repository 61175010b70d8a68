package io.datasetfs.fs;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.staging.AllocateMode;
import io.datasetfs.staging.AttributeChange;
import io.datasetfs.staging.AttributeMode;
import io.datasetfs.staging.Creator;
import io.datasetfs.staging.RenameMode;
import io.datasetfs.staging.StagedFile;
import io.datasetfs.staging.StagedInode;
import java.nio.ByteBuffer;

/** Changes what is in uncommitted versions, and refuses to change anything else. Thread-safe. */
final class StagedChanges implements FileChanges {
  /** Something that takes changes, as long as its version does. */
  private static StagedNode node(Inode inode) throws FsException {
    if (inode instanceof StagedNode node) {
      return node;
    }
    if (inode instanceof Node.OfClosed closed) {
      throw closed.refusal();
    }
    throw new FsException(FailureKind.READ_ONLY, "a committed version never changes");
  }

  private static OpenStagedFile file(OpenFile file) throws FsException {
    if (file instanceof OpenStagedFile staged) {
      return staged;
    }
    throw new FsException(FailureKind.BAD_DESCRIPTOR, "not open for writing");
  }

  private static Creator creator(Requester requester) {
    return new Creator(requester.uid(), requester.gid());
  }

  private static Created created(StagedNode directory, StagedFile file) {
    StagedNode node = new StagedNode(directory.tree(), file.inode());
    return new Created(node, new OpenStagedFile(node, file));
  }

  @Override
  public Created create(Inode directory, String name, int mode, OpenMode open, Requester requester)
      throws FsException {
    StagedNode parent = node(directory);
    return created(
        parent,
        parent
            .version()
            .create(
                parent.inode(),
                name,
                mode,
                creator(requester),
                StagedNode.staged(open, requester)));
  }

  @Override
  public Created createUnnamed(Inode directory, int mode, OpenMode open, Requester requester)
      throws FsException {
    StagedNode parent = node(directory);
    return created(
        parent,
        parent
            .version()
            .createNameless(
                parent.inode(), mode, creator(requester), StagedNode.staged(open, requester)));
  }

  @Override
  public Inode makeNode(
      Inode directory, String name, FileType type, int mode, int device, Requester requester)
      throws FsException {
    StagedNode parent = node(directory);
    long number = Integer.toUnsignedLong(device);
    StagedInode made =
        parent
            .version()
            .makeNode(
                parent.inode(), name, StagedNode.kindOf(type), mode, number, creator(requester));
    return new StagedNode(parent.tree(), made);
  }

  @Override
  public Inode makeDirectory(Inode directory, String name, int mode, Requester requester)
      throws FsException {
    StagedNode parent = node(directory);
    StagedInode made =
        parent.version().makeDirectory(parent.inode(), name, mode, creator(requester));
    return new StagedNode(parent.tree(), made);
  }

  @Override
  public Inode makeSymlink(Inode directory, String name, String target, Requester requester)
      throws FsException {
    StagedNode parent = node(directory);
    StagedInode made =
        parent.version().makeSymlink(parent.inode(), name, target, creator(requester));
    return new StagedNode(parent.tree(), made);
  }

  @Override
  public void link(Inode inode, Inode directory, String name) throws FsException {
    StagedNode parent = node(directory);
    parent.version().link(within(parent, inode).inode(), parent.inode(), name);
  }

  /** The other end of a link or rename, which has to be in the same version. */
  private static StagedNode within(StagedNode node, Inode other) throws FsException {
    if (other instanceof StagedNode staged && staged.tree() == node.tree()) {
      return staged;
    }
    throw new FsException(FailureKind.CROSS_DEVICE, "from one version to another");
  }

  @Override
  public void unlink(Inode directory, String name) throws FsException {
    StagedNode parent = node(directory);
    parent.version().unlink(parent.inode(), name);
  }

  @Override
  public void removeDirectory(Inode directory, String name) throws FsException {
    StagedNode parent = node(directory);
    parent.version().removeDirectory(parent.inode(), name);
  }

  @Override
  public void rename(
      Inode directory, String name, Inode newDirectory, String newName, RenameMode mode)
      throws FsException {
    StagedNode from = node(directory);
    StagedNode to = within(from, node(newDirectory));
    from.version().rename(from.inode(), name, to.inode(), newName, mode);
  }

  @Override
  public Attributes setAttributes(
      Inode inode, OpenFile file, AttributeChange change, Requester requester) throws FsException {
    StagedNode node = node(inode);
    AttributeChange rest = change;
    if (file instanceof OpenStagedFile open && change.size() != null) {
      open.file().truncate(change.size());
      rest =
          new AttributeChange(
              change.mode(),
              change.uid(),
              change.gid(),
              null,
              change.atime(),
              change.mtime(),
              change.dropSetId());
    }
    AttributeChange left = rest;
    return node.attributes(
        StagedTree.onInode(
            () ->
                left.equals(AttributeChange.NONE)
                    ? node.version().attributes(node.inode())
                    : node.version().setAttributes(node.inode(), left)));
  }

  @Override
  public int write(OpenFile file, long offset, ByteBuffer source, boolean dropsPrivileges)
      throws FsException {
    OpenStagedFile open = file(file);
    int written = open.file().write(offset, source);
    if (dropsPrivileges) {
      open.dropSetId();
    }
    return written;
  }

  @Override
  public void flush(OpenFile file) throws FsException {
    if (file instanceof OpenStagedFile staged) {
      staged.file().flush();
    }
  }

  @Override
  public void sync(OpenFile file, boolean dataOnly) throws FsException {
    if (file instanceof OpenStagedFile staged) {
      staged.file().sync(dataOnly);
    }
  }

  @Override
  public void sync(OpenDirectory directory) throws FsException {
    if (directory instanceof Listings.OfStaged staged) {
      staged.sync();
    }
  }

  @Override
  public void allocate(
      OpenFile file, AllocateMode mode, long offset, long length, boolean dropsPrivileges)
      throws FsException {
    OpenStagedFile open = file(file);
    open.file().allocate(mode, offset, length);
    if (dropsPrivileges) {
      open.dropSetId();
    }
  }

  @Override
  public void setExtendedAttribute(Inode inode, String name, byte[] value, AttributeMode mode)
      throws FsException {
    StagedNode node = node(inode);
    requireFree(name);
    StagedTree.onInode(
        () -> {
          node.version().setExtendedAttribute(node.inode(), name, value, mode);
          return null;
        });
  }

  @Override
  public void removeExtendedAttribute(Inode inode, String name) throws FsException {
    StagedNode node = node(inode);
    requireFree(name);
    StagedTree.onInode(
        () -> {
          node.version().removeExtendedAttribute(node.inode(), name);
          return null;
        });
  }

  /** Who copies from a committed version copies what says so; programs take this for a no. */
  private static void requireFree(String name) throws FsException {
    if (name.startsWith(Provenance.PREFIX)) {
      throw new FsException(FailureKind.UNSUPPORTED, name + ": is not for others to set");
    }
  }
}
