package io.datasetfs.fs;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Utf8;
import io.datasetfs.staging.InodeKind;
import io.datasetfs.staging.StagedAttributes;
import io.datasetfs.staging.StagedInode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Something in an uncommitted version, or its top directory. */
final class StagedNode extends Node.InVersion {
  private final StagedTree tree;
  private final StagedInode inode;

  StagedNode(StagedTree tree, StagedInode inode) {
    super(tree.number(inode.number()));
    this.tree = tree;
    this.inode = inode;
  }

  StagedTree tree() {
    return tree;
  }

  StagedInode inode() {
    return inode;
  }

  @Override
  public boolean changesOnlyHere() {
    return true;
  }

  @Override
  Optional<StagedNode> find(String name) throws FsException {
    try {
      return Optional.of(new StagedNode(tree, tree.with(version -> version.lookup(inode, name))));
    } catch (FsException e) {
      if (e.kind() == FailureKind.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  Attributes attributes() throws FsException {
    return attributes(tree.onInode(version -> version.attributes(inode)));
  }

  /** What the version tells, as the mount tells it. */
  Attributes attributes(StagedAttributes staged) {
    return new Attributes(
        number(),
        typeOf(staged.kind()),
        staged.mode(),
        staged.links(),
        staged.size(),
        staged.blocks(),
        staged.atime(),
        staged.mtime(),
        staged.ctime(),
        new Ownership(staged.uid(), staged.gid()),
        (int) staged.device());
  }

  static FileType typeOf(InodeKind kind) {
    return switch (kind) {
      case FILE -> FileType.REGULAR;
      case DIRECTORY -> FileType.DIRECTORY;
      case SYMLINK -> FileType.SYMLINK;
      case FIFO -> FileType.FIFO;
      case SOCKET -> FileType.SOCKET;
      case CHARACTER_DEVICE -> FileType.CHARACTER_DEVICE;
      case BLOCK_DEVICE -> FileType.BLOCK_DEVICE;
    };
  }

  static InodeKind kindOf(FileType type) {
    return switch (type) {
      case REGULAR -> InodeKind.FILE;
      case DIRECTORY -> InodeKind.DIRECTORY;
      case SYMLINK -> InodeKind.SYMLINK;
      case FIFO -> InodeKind.FIFO;
      case SOCKET -> InodeKind.SOCKET;
      case CHARACTER_DEVICE -> InodeKind.CHARACTER_DEVICE;
      case BLOCK_DEVICE -> InodeKind.BLOCK_DEVICE;
    };
  }

  @Override
  String readLink() throws FsException {
    return tree.onInode(version -> version.readLink(inode));
  }

  @Override
  OpenFile open(OpenMode mode, Requester requester) throws FsException {
    OpenStagedFile opened =
        tree.onInode(
            version ->
                new OpenStagedFile(this, version.open(inode, staged(mode, requester)), mode));
    if (mode.truncates() && mode.dropsPrivileges()) {
      opened.dropSetId(requester);
    }
    return opened;
  }

  /** How the version is told what a file is opened for. */
  static io.datasetfs.staging.OpenMode staged(OpenMode mode, Requester requester) {
    return new io.datasetfs.staging.OpenMode(mode.writes(), mode.truncates(), requester.pid());
  }

  @Override
  Listings.Listed list() throws FsException {
    return new Listings.OfStaged(this, tree.onInode(version -> version.openDirectory(inode)));
  }

  @Override
  byte[] extendedAttribute(String name, CatalogState state) throws FsException {
    if (!name.startsWith(Provenance.PREFIX)) {
      return tree.onInode(version -> version.getExtendedAttribute(inode, name));
    }
    Map<String, String> provenance = Provenance.of(tree, state);
    return Utf8.encode(require(provenance, name));
  }

  /** Not those that tell where it is from: they would be copied along. */
  @Override
  List<String> extendedAttributes(CatalogState state) throws FsException {
    return tree.onInode(version -> version.listExtendedAttributes(inode));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StagedNode node && tree == node.tree && inode.equals(node.inode);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(number());
  }
}
