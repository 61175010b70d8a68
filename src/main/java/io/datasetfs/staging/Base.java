package io.datasetfs.staging;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.read.DirectoryListing;
import io.datasetfs.read.EntrySink;
import io.datasetfs.read.FileReader;
import io.datasetfs.read.TreeItem;
import java.time.Instant;
import java.util.Optional;

/**
 * The committed version below, as inodes: their numbers, which are the same whether or not an entry
 * was ever touched, and the rows that they begin with. May load pages from far away. Thread-safe.
 */
final class Base {
  private static final int SECTOR = 512;
  private static final int CHARS_IN_LONG = 4;

  private final BaseVersion version;
  private final Creator owner;
  private final Instant created;

  /**
   * @param version the version
   * @param owner whom its entries belong to
   * @param created when the area was made, for the times that a version does not keep
   */
  Base(BaseVersion version, Creator owner, Instant created) {
    this.version = version;
    this.owner = owner;
    this.created = created;
  }

  /** The entry of that name in a committed directory. */
  Optional<TreeItem> find(BasePlace directory, String name) throws FsException {
    return version.tree().find(directory(directory), name);
  }

  /** Begins a listing of a committed directory. */
  void list(BasePlace directory, long from, EntrySink sink) throws FsException {
    DirectoryListing listing = version.tree().list(directory(directory));
    listing.list(from, sink);
  }

  /** A committed directory. */
  TreeEntry.Directory directory(BasePlace place) throws FsException {
    if (load(place) instanceof TreeEntry.Directory directory) {
      return directory;
    }
    throw misplaced(place);
  }

  /** A committed file. */
  TreeEntry.File file(BasePlace place) throws FsException {
    if (load(place) instanceof TreeEntry.File file) {
      return file;
    }
    throw misplaced(place);
  }

  /** The entry at a place. */
  TreeEntry load(BasePlace place) throws FsException {
    return place.page() == null
        ? version.tree().root()
        : version.tree().load(place.page(), place.index());
  }

  private static FsException misplaced(BasePlace place) {
    return new FsException(
        FailureKind.CORRUPT, "malformed: '" + place.name() + "' is of another kind in the base");
  }

  /** Opens a committed file. */
  FileReader open(BasePlace place) throws FsException {
    return version.reader().open(new TreeItem(file(place), place.page(), place.index()));
  }

  /** The row that the top directory begins with. */
  Row rootRow(long number) throws FsException {
    return row(number, number, version.tree().root(), BasePlace.ROOT);
  }

  /** The row that an entry begins with when it is touched. */
  Row row(long parent, TreeItem item) {
    TreeEntry entry = item.entry();
    BasePlace place = new BasePlace(parent, entry.name(), item.page(), item.index());
    return row(number(parent, entry.name()), parent, entry, place);
  }

  private Row row(long number, long parent, TreeEntry entry, BasePlace place) {
    RowEdit row = new RowEdit(number, kind(entry));
    row.mode = entry.mode();
    row.uid = owner.uid();
    row.gid = owner.gid();
    row.size = entry.size();
    row.blocks = blocks(entry.size());
    row.atime = entry.mtime();
    row.mtime = entry.mtime();
    row.ctime = created;
    row.base = place;
    row.baseLimit = entry.size();
    if (entry instanceof TreeEntry.Symlink link) {
      row.target = link.target();
      row.blocks = 0;
    } else if (entry instanceof TreeEntry.Directory directory) {
      row.parent = parent;
      row.entries = directory.summary().entries();
      row.links = (int) Math.min(Integer.MAX_VALUE, 2 + directory.summary().directories());
    }
    return row.done();
  }

  /** Units of 512 bytes, in whole pages. */
  static long blocks(long size) {
    return (size + PageMap.PAGE - 1) / PageMap.PAGE * (PageMap.PAGE / SECTOR);
  }

  private static InodeKind kind(TreeEntry entry) {
    if (entry instanceof TreeEntry.File) {
      return InodeKind.FILE;
    }
    return entry instanceof TreeEntry.Directory ? InodeKind.DIRECTORY : InodeKind.SYMLINK;
  }

  /**
   * The number of a committed entry: 61 bits mixed from the number of the directory that it was
   * committed in and its name there, above all numbers that are given out one after the other.
   */
  static long number(long parent, String name) {
    long hash = mix(parent);
    int length = name.length();
    for (int i = 0; i < length; i += CHARS_IN_LONG) {
      long word = 0;
      for (int j = i; j < Math.min(length, i + CHARS_IN_LONG); j++) {
        word = word << Character.SIZE | name.charAt(j);
      }
      hash = mix(hash ^ word);
    }
    return mix(hash + length) >>> 2 | Metadata.COMMITTED_NUMBERS;
  }

  /** The final mix of MurmurHash3: each bit of the result depends on each of {@code z}. */
  private static long mix(long z) {
    long x = z + 0x9e3779b97f4a7c15L;
    x = (x ^ (x >>> 33)) * 0xff51afd7ed558ccdL;
    x = (x ^ (x >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return x ^ (x >>> 33);
  }
}
