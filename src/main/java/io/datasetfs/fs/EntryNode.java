package io.datasetfs.fs;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.TreeEntry.Directory;
import io.datasetfs.read.TreeItem;
import java.time.Instant;

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

  Attributes attributes() {
    return attributes(
        number(), type, mode, linksOf(directory), size, Instant.ofEpochSecond(seconds, nanos));
  }

  /** The attributes of an entry of this directory, as its own node would tell them. */
  Attributes attributesOf(TreeEntry entry) {
    return attributes(
        InodeNumbers.of(number(), entry.name()),
        typeOf(entry),
        entry.mode(),
        linksOf(entry),
        entry.size(),
        entry.mtime());
  }

  private Attributes attributes(
      long number, FileType type, int mode, int links, long size, Instant mtime) {
    Instant ctime = version.record().committed();
    return new Attributes(number, type, mode, links, size, TopLevel.blocksOf(size), mtime, ctime);
  }

  private static FileType typeOf(TreeEntry entry) {
    if (entry instanceof TreeEntry.File) {
      return FileType.REGULAR;
    }
    return entry instanceof Directory ? FileType.DIRECTORY : FileType.SYMLINK;
  }

  private static int linksOf(TreeEntry entry) {
    return entry instanceof Directory d ? TopLevel.linksOf(d.summary().directories()) : 1;
  }
}
