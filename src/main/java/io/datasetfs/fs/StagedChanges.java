package io.datasetfs.fs;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.staging.AllocateMode;
import io.datasetfs.staging.AttributeChange;
import io.datasetfs.staging.AttributeMode;
import io.datasetfs.staging.Creator;
import io.datasetfs.staging.InodeKind;
import io.datasetfs.staging.RenameMode;
import io.datasetfs.staging.SetIdBits;
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

  @Override
  public Created create(Inode directory, String name, int mode, OpenMode open, Requester requester)
      throws FsException {
    StagedNode parent = node(directory);
    Creator creator = creator(requester);
    return parent
        .tree()
        .with(
            version ->
                created(
                    parent,
                    version.create(
                        parent.inode(), name, mode, creator, StagedNode.staged(open, requester)),
                    open));
  }

  @Override
  public Created createUnnamed(Inode directory, int mode, OpenMode open, Requester requester)
      throws FsException {
    StagedNode parent = node(directory);
    Creator creator = creator(requester);
    return parent
        .tree()
        .with(
            version ->
                created(
                    parent,
                    version.createNameless(
                        parent.inode(), mode, creator, StagedNode.staged(open, requester)),
                    open));
  }

  private static Created created(StagedNode directory, StagedFile file, OpenMode mode) {
    StagedNode node = new StagedNode(directory.tree(), file.inode());
    return new Created(node, new OpenStagedFile(node, file, mode));
  }

  @Override
  public Inode makeNode(
      Inode directory, String name, FileType type, int mode, int device, Requester requester)
      throws FsException {
    StagedNode parent = node(directory);
    Creator creator = creator(requester);
    InodeKind kind = StagedNode.kindOf(type);
    long number = Integer.toUnsignedLong(device);
    return made(
        parent, version -> version.makeNode(parent.inode(), name, kind, mode, number, creator));
  }

  @Override
  public Inode makeDirectory(Inode directory, String name, int mode, Requester requester)
      throws FsException {
    StagedNode parent = node(directory);
    Creator creator = creator(requester);
    return made(parent, version -> version.makeDirectory(parent.inode(), name, mode, creator));
  }

  @Override
  public Inode makeSymlink(Inode directory, String name, String target, Requester requester)
      throws FsException {
    StagedNode parent = node(directory);
    Creator creator = creator(requester);
    return made(parent, version -> version.makeSymlink(parent.inode(), name, target, creator));
  }

  private static Inode made(StagedNode parent, StagedTree.Work<StagedInode> work)
      throws FsException {
    return new StagedNode(parent.tree(), parent.tree().with(work));
  }

  private static StagedTree.Work<Void> silent(StagedTree.Change change) {
    return version -> {
      change.on(version);
      return null;
    };
  }

  @Override
  public void link(Inode inode, Inode directory, String name) throws FsException {
    StagedNode parent = node(directory);
    StagedInode linked = within(parent, inode).inode();
    parent.tree().with(silent(version -> version.link(linked, parent.inode(), name)));
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
    parent.tree().removing(parent.inode(), name, version -> version.unlink(parent.inode(), name));
  }

  @Override
  public void removeDirectory(Inode directory, String name) throws FsException {
    StagedNode parent = node(directory);
    parent
        .tree()
        .removing(parent.inode(), name, version -> version.removeDirectory(parent.inode(), name));
  }

  @Override
  public void rename(
      Inode directory, String name, Inode newDirectory, String newName, RenameMode mode)
      throws FsException {
    StagedNode from = node(directory);
    StagedNode to = within(from, node(newDirectory));
    StagedTree.Change renaming =
        version -> version.rename(from.inode(), name, to.inode(), newName, mode);
    if (mode == RenameMode.REPLACE) {
      from.tree().removing(to.inode(), newName, renaming);
    } else {
      from.tree().with(silent(renaming));
    }
  }

  @Override
  public Attributes setAttributes(
      Inode inode, OpenFile file, AttributeChange change, Requester requester) throws FsException {
    StagedNode node = node(inode);
    return node.attributes(
        node.tree()
            .onInode(
                version -> {
                  AttributeChange rest = change;
                  if (change.dropSetId() != SetIdBits.KEPT) {
                    var now = version.attributes(node.inode());
                    rest = change.withSetId(SetId.of(now, requester));
                  }
                  if (file instanceof OpenStagedFile open && change.size() != null) {
                    open.truncate(change.size());
                    rest = withoutSize(rest);
                  }
                  return rest.equals(AttributeChange.NONE)
                      ? version.attributes(node.inode())
                      : version.setAttributes(node.inode(), rest);
                }));
  }

  private static AttributeChange withoutSize(AttributeChange change) {
    return new AttributeChange(
        change.mode(),
        change.uid(),
        change.gid(),
        null,
        change.atime(),
        change.mtime(),
        change.dropSetId());
  }

  @Override
  public int write(OpenFile file, long offset, ByteBuffer source, Requester unprivileged)
      throws FsException {
    OpenStagedFile open = file(file);
    int written = open.with(staged -> staged.write(offset, source));
    if (unprivileged != null) {
      open.dropSetId(unprivileged);
    }
    return written;
  }

  @Override
  public void flush(OpenFile file) throws FsException {
    if (file instanceof OpenStagedFile staged) {
      staged.with(
          open -> {
            open.flush();
            return null;
          });
    }
  }

  @Override
  public void sync(OpenFile file, boolean dataOnly) throws FsException {
    if (file instanceof OpenStagedFile staged) {
      staged.with(
          open -> {
            open.sync(dataOnly);
            return null;
          });
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
      OpenFile file, AllocateMode mode, long offset, long length, Requester unprivileged)
      throws FsException {
    OpenStagedFile open = file(file);
    open.with(
        staged -> {
          staged.allocate(mode, offset, length);
          return null;
        });
    if (unprivileged != null) {
      open.dropSetId(unprivileged);
    }
  }

  @Override
  public void setExtendedAttribute(Inode inode, String name, byte[] value, AttributeMode mode)
      throws FsException {
    StagedNode node = node(inode);
    requireFree(name);
    node.tree()
        .onInode(silent(version -> version.setExtendedAttribute(node.inode(), name, value, mode)));
  }

  @Override
  public void removeExtendedAttribute(Inode inode, String name) throws FsException {
    StagedNode node = node(inode);
    requireFree(name);
    node.tree().onInode(silent(version -> version.removeExtendedAttribute(node.inode(), name)));
  }

  /** Who copies from a committed version copies what says so; programs take this for a no. */
  private static void requireFree(String name) throws FsException {
    if (name.startsWith(Provenance.PREFIX)) {
      throw new FsException(FailureKind.UNSUPPORTED, name + ": is not for others to set");
    }
  }
}
