package io.datasetfs.fs;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.TreeEntry.Directory;
import io.datasetfs.model.Utf8;
import io.datasetfs.read.TreeItem;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An entry of a committed version. Transports keep one for each inode that the kernel knows, which
 * may be millions: so it has the attributes and the place in the tree, and not the entry with its
 * extents.
 */
final class EntryNode extends Node.InVersion {
  private final VersionContext version;
  private final FileType type;
  private final int mode;
  private final long size;
  private final long seconds;
  private final int nanos;

  /** Only of a directory. */
  private final Directory directory;

  /** Where the entry is stored; {@code null} for the version's root. */
  private final BlockRef page;

  private final int index;

  private EntryNode(
      long number, VersionContext version, TreeEntry entry, BlockRef page, int index) {
    super(number);
    this.version = version;
    this.type = typeOf(entry);
    this.mode = entry.mode();
    this.size = entry.size();
    Instant mtime = entry.mtime();
    this.seconds = mtime.getEpochSecond();
    this.nanos = mtime.getNano();
    this.directory = entry instanceof Directory d ? d : null;
    this.page = page;
    this.index = index;
  }

  /** A version's top directory. */
  static EntryNode root(Node.OfDataset dataset, VersionContext version) {
    long number = InodeNumbers.of(dataset.number(), version.record().id().value());
    return new EntryNode(number, version, version.record().tree(), null, 0);
  }

  /** An entry of this directory. */
  EntryNode child(TreeItem item) {
    long number = InodeNumbers.of(number(), item.entry().name());
    return new EntryNode(number, version, item.entry(), item.page(), item.index());
  }

  VersionContext version() {
    return version;
  }

  FileType type() {
    return type;
  }

  /** The directory, or {@code null} when it is something else. */
  Directory directory() {
    return directory;
  }

  /** The entry, loaded again from its place. */
  TreeEntry load() throws FsException {
    return directory != null ? directory : version.tree().load(page, index);
  }

  /** The entry with its place; not of a version's root. */
  TreeItem item() throws FsException {
    return new TreeItem(load(), page, index);
  }

  @Override
  Optional<EntryNode> find(String name) throws FsException {
    if (directory == null) {
      throw notDirectory();
    }
    return version.tree().find(directory, name).map(this::child);
  }

  @Override
  String readLink() throws FsException {
    if (load() instanceof TreeEntry.Symlink link) {
      return link.target();
    }
    throw new FsException(FailureKind.INVALID, "not a symbolic link");
  }

  @Override
  OpenFile open(OpenMode mode, Requester requester) throws FsException {
    if (directory != null) {
      throw new FsException(FailureKind.IS_DIRECTORY, "is a directory");
    }
    if (type == FileType.SYMLINK) {
      throw new FsException(FailureKind.LOOP, "is a symbolic link");
    }
    if (mode.changes()) {
      throw new FsException(FailureKind.READ_ONLY, "a committed version never changes");
    }
    return new OpenVersionFile(version.reader().open(item()));
  }

  @Override
  Listings.Listed list() throws FsException {
    if (directory == null) {
      throw notDirectory();
    }
    return new Listings.OfVersion(this);
  }

  private static FsException notDirectory() {
    return new FsException(FailureKind.NOT_DIRECTORY, "not a directory");
  }

  @Override
  byte[] extendedAttribute(String name, CatalogState state) throws FsException {
    return Utf8.encode(require(Provenance.of(this, state), name));
  }

  @Override
  List<String> extendedAttributes(CatalogState state) throws FsException {
    return List.copyOf(Provenance.of(this, state).keySet());
  }

  @Override
  Attributes attributes() {
    return new Attributes(
        number(),
        type,
        mode,
        directory == null ? 1 : TopLevel.linksOf(directory.summary().directories()),
        size,
        TopLevel.blocksOf(size),
        Instant.ofEpochSecond(seconds, nanos),
        version.record().committed());
  }

  @Override
  public boolean immutable() {
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EntryNode node
        && number() == node.number()
        && index == node.index
        && version.record().id().equals(node.version.record().id())
        && version.dataset().id().equals(node.version.dataset().id())
        && Objects.equals(page, node.page);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(number());
  }

  private static FileType typeOf(TreeEntry entry) {
    if (entry instanceof TreeEntry.File) {
      return FileType.REGULAR;
    }
    return entry instanceof Directory ? FileType.DIRECTORY : FileType.SYMLINK;
  }
}
