package io.datasetfs.fs;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.Utf8;
import io.datasetfs.model.VersionId;
import io.datasetfs.model.VersionRecord;
import io.datasetfs.read.DatasetReader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All datasets below one root: {@code <dataset id>/<version id>/...}, with links for names, tags,
 * {@code latest} and references. Everything takes no writes. What is above the versions follows the
 * catalog; what is in a version never changes and asks nobody.
 */
public final class DatasetFileSystem implements FileSystem {
  private static final int MAX_NAME_BYTES = 255;

  /** What {@code df} shows of a store without bounds: 8 EiB would overflow some programs. */
  private static final SpaceUsage UNBOUNDED = new SpaceUsage(4096, 1L << 38, 1L << 38, 0);

  /** {@code df} shows the last known room rather than wait for long. */
  private static final Freshness SPACE = Freshness.LOCAL.withLongPatience(Duration.ofSeconds(1));

  private final CatalogView view;
  private final ReaderSource source;
  private final Refreshed<Optional<SpaceUsage>> space;
  private final Node.Root root = new Node.Root();
  private final FileChanges changes = new NoChanges();
  private final Map<ReaderKey, DatasetReader> readers = new ConcurrentHashMap<>();

  /**
   * @param view what datasets there are; the caller closes it
   * @param source reads them
   * @param space tells the room for {@code df}
   */
  public DatasetFileSystem(CatalogView view, ReaderSource source, SpaceSource space) {
    this.view = view;
    this.source = source;
    this.space =
        new Refreshed<>(
            "The room of the storage", Optional.empty(), space::find, SPACE, System::nanoTime);
  }

  @Override
  public Inode root() {
    return root;
  }

  @Override
  public Inode lookup(Inode directory, String name) throws FsException {
    view.use();
    requireName(name);
    Optional<? extends Node> found = find((Node) directory, name);
    if (found.isEmpty()) {
      throw new FsException(FailureKind.NOT_FOUND, name + ": not found");
    }
    return found.get();
  }

  private Optional<? extends Node> find(Node directory, String name) throws FsException {
    if (directory instanceof EntryNode entry) {
      if (entry.directory() == null) {
        throw notDirectory();
      }
      return entry.version().tree().find(entry.directory(), name).map(entry::child);
    }
    if (directory instanceof Node.Link) {
      throw notDirectory();
    }
    Optional<? extends Node> found = find(topLevel(), directory, name);
    return found.isPresent() ? found : find(new TopLevel(view.certain()), directory, name);
  }

  private Optional<? extends Node> find(TopLevel top, Node directory, String name)
      throws FsException {
    if (!(directory instanceof Node.OfDataset dataset)) {
      return top.find(root, name);
    }
    DatasetEntry entry = top.require(dataset);
    if (!VersionId.isValid(name)) {
      return top.findLink(dataset, name);
    }
    Optional<VersionRecord> version = entry.find(new VersionId(name));
    return version.isPresent()
        ? Optional.of(versionRoot(entry.dataset(), dataset, version.get()))
        : Optional.empty();
  }

  private EntryNode versionRoot(Dataset dataset, Node.OfDataset node, VersionRecord version)
      throws FsException {
    VersionContext context = new VersionContext(dataset, version, this::currentReader);
    context.reader(); // now it is to be seen whether there is one
    return EntryNode.root(node, context);
  }

  /** The reader of the dataset where its provider is now. */
  private DatasetReader currentReader(Dataset dataset) throws FsException {
    return reader(view.known().find(dataset.id()).map(DatasetEntry::dataset).orElse(dataset));
  }

  private DatasetReader reader(Dataset dataset) throws FsException {
    ReaderKey key = new ReaderKey(dataset.provider(), dataset.id());
    DatasetReader known = readers.get(key);
    if (known != null) {
      return known;
    }
    try {
      DatasetReader mine = source.open(dataset);
      DatasetReader first = readers.putIfAbsent(key, mine);
      return first != null ? first : mine;
    } catch (FsException e) {
      // Whatever is the matter with the store, the directory is there.
      throw new FsException(FailureKind.IO, e.getMessage(), e);
    }
  }

  @Override
  public Attributes getAttributes(Inode inode) throws FsException {
    view.use();
    if (inode instanceof EntryNode entry) {
      return entry.attributes();
    }
    if (inode instanceof Node.OfDataset dataset) {
      return topLevel().attributes(dataset);
    }
    if (inode instanceof Node.Link link) {
      return topLevel().attributes(link);
    }
    return topLevel().attributes(root);
  }

  @Override
  public String readLink(Inode inode) throws FsException {
    view.use();
    if (inode instanceof Node.Link link) {
      return topLevel().readLink(link);
    }
    if (inode instanceof EntryNode entry && entry.load() instanceof TreeEntry.Symlink link) {
      return link.target();
    }
    throw new FsException(FailureKind.INVALID, "not a symbolic link");
  }

  @Override
  public OpenFile open(Inode inode, OpenMode mode, Requester requester) throws FsException {
    view.use();
    if (inode instanceof Node.Link) {
      throw loop();
    }
    if (!(inode instanceof EntryNode entry) || entry.directory() != null) {
      throw new FsException(FailureKind.IS_DIRECTORY, "is a directory");
    }
    if (entry.type() == FileType.SYMLINK) {
      throw loop();
    }
    if (mode.changes()) {
      throw readOnly();
    }
    return new OpenVersionFile(entry.version().reader().open(entry.item()));
  }

  @Override
  public int read(OpenFile file, long offset, ByteBuffer target) throws FsException {
    view.use();
    return ((OpenVersionFile) file).reader().read(offset, target);
  }

  @Override
  public long seek(OpenFile file, long offset, SeekMode mode) throws FsException {
    long size = ((OpenVersionFile) file).reader().file().size();
    if (offset < 0 || offset >= size) {
      throw new FsException(FailureKind.NO_DATA, "nothing comes behind " + offset);
    }
    return mode == SeekMode.DATA ? offset : size;
  }

  @Override
  public OpenDirectory openDirectory(Inode inode) throws FsException {
    view.use();
    if (inode instanceof EntryNode entry) {
      if (entry.directory() == null) {
        throw notDirectory();
      }
      return new Listings.OfVersion(entry);
    }
    if (inode instanceof Node.Root top) {
      return new Listings.Snapshot(new TopLevel(view.fresh()).list(top));
    }
    if (inode instanceof Node.OfDataset dataset) {
      TopLevel top = new TopLevel(view.fresh());
      List<TopLevel.Named> all = new ArrayList<>();
      Dataset listed = top.require(dataset).dataset();
      for (VersionRecord version : listed.head().versions()) {
        EntryNode node = versionRoot(listed, dataset, version);
        all.add(new TopLevel.Named(version.id().value(), node, node.attributes()));
      }
      all.addAll(top.listLinks(dataset));
      return new Listings.Snapshot(all);
    }
    throw notDirectory();
  }

  @Override
  public void readDirectory(OpenDirectory directory, long cookie, DirectorySink sink)
      throws FsException {
    ((Listings.Listed) directory).list(cookie, sink);
  }

  @Override
  public SpaceUsage space(Inode inode) {
    return space.get().orElse(UNBOUNDED);
  }

  @Override
  public byte[] getExtendedAttribute(Inode inode, String name) throws FsException {
    String value = name.startsWith(Provenance.PREFIX) ? provenance(inode).get(name) : null;
    if (value == null) {
      throw new FsException(FailureKind.NO_ATTRIBUTE, name + ": no such attribute");
    }
    return Utf8.encode(value);
  }

  @Override
  public List<String> listExtendedAttributes(Inode inode) throws FsException {
    return List.copyOf(provenance(inode).keySet());
  }

  private Map<String, String> provenance(Inode inode) throws FsException {
    if (inode instanceof EntryNode entry) {
      return Provenance.of(entry, view.known());
    }
    if (inode instanceof Node.OfDataset dataset) {
      return Provenance.of(topLevel().require(dataset).dataset());
    }
    return Map.of();
  }

  @Override
  public FileChanges changes() {
    return changes;
  }

  private TopLevel topLevel() {
    return new TopLevel(view.current());
  }

  private static void requireName(String name) throws FsException {
    if (!Utf8.isEncodable(name)) {
      throw new FsException(FailureKind.ILLEGAL_NAME, "the name is not valid Unicode");
    }
    if (Utf8.encode(name).length > MAX_NAME_BYTES) {
      throw new FsException(FailureKind.NAME_TOO_LONG, name + ": the name is too long");
    }
  }

  private static FsException notDirectory() {
    return new FsException(FailureKind.NOT_DIRECTORY, "not a directory");
  }

  private static FsException loop() {
    return new FsException(FailureKind.LOOP, "is a symbolic link");
  }

  private static FsException readOnly() {
    return new FsException(FailureKind.READ_ONLY, "a committed version never changes");
  }

  private record ReaderKey(StorageProvider provider, DatasetId dataset) {}
}
