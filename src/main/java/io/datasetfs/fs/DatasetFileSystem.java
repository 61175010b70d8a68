package io.datasetfs.fs;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.StorageProvider;
import io.datasetfs.model.UncommittedVersion;
import io.datasetfs.model.Utf8;
import io.datasetfs.model.VersionId;
import io.datasetfs.model.VersionRecord;
import io.datasetfs.read.DatasetReader;
import io.datasetfs.staging.SeekMode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All datasets below one root: {@code <dataset id>/<version id>/...}, with links for names, tags,
 * {@code latest} and references. Only what is in uncommitted versions takes changes. What is above
 * the versions follows the catalog; what is in a committed version never changes and asks nobody.
 */
public final class DatasetFileSystem implements FileSystem {
  private static final int MAX_NAME_BYTES = 255;

  /** What {@code df} shows of a store without bounds: 8 EiB would overflow some programs. */
  private static final SpaceUsage UNBOUNDED = new SpaceUsage(4096, 1L << 38, 1L << 38);

  /** {@code df} shows the last known room rather than wait for long. */
  private static final Freshness SPACE = Freshness.LOCAL.withLongPatience(Duration.ofSeconds(1));

  private final CatalogView view;
  private final ReaderSource source;
  private final Refreshed<Optional<SpaceUsage>> space;
  private final Node.Root root = new Node.Root();
  private final FileChanges changes = new StagedChanges();
  private final StagedTrees staged;
  private final Map<ReaderKey, DatasetReader> readers = new ConcurrentHashMap<>();

  /** All that is committed. */
  public DatasetFileSystem(CatalogView view, ReaderSource source, SpaceSource space) {
    this(view, source, space, StagedVersions.NONE);
  }

  /**
   * @param view what datasets there are; the caller closes it
   * @param source reads them
   * @param space tells the room for {@code df}
   * @param uncommitted opens what takes changes; the caller closes what it has opened
   */
  public DatasetFileSystem(
      CatalogView view, ReaderSource source, SpaceSource space, StagedVersions uncommitted) {
    this.view = view;
    this.staged = new StagedTrees(uncommitted);
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
    if (directory instanceof Node.InVersion node) {
      return node.find(name);
    }
    if (directory instanceof Node.OfClosed closed) {
      throw closed.refusal();
    }
    if (directory instanceof Node.Link) {
      throw notDirectory();
    }
    if (directory instanceof Node.OfDataset dataset) {
      Optional<StagedNode> leaving = staged.leaving().find(dataset.dataset(), name);
      if (leaving.isPresent()) {
        return leaving;
      }
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
    VersionId id = new VersionId(name);
    Optional<VersionRecord> version = entry.find(id);
    if (version.isPresent()) {
      return Optional.of(versionRoot(entry.dataset(), dataset, version.get()));
    }
    Optional<UncommittedVersion> uncommitted = entry.findUncommitted(id);
    return uncommitted.isPresent()
        ? stagedRoot(entry.dataset(), dataset, uncommitted.get())
        : Optional.empty();
  }

  private Optional<Node> stagedRoot(
      Dataset dataset, Node.OfDataset node, UncommittedVersion version) throws FsException {
    try {
      return Optional.of(staged.require(dataset, version, node).root());
    } catch (FsException e) {
      return switch (e.kind()) {
        case NOT_FOUND -> Optional.empty();
        case ACCESS_DENIED -> Optional.of(new Node.OfClosed(node, version, e.getMessage()));
        default -> throw e;
      };
    }
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
    if (inode instanceof Node.InVersion node) {
      return node.attributes();
    }
    if (inode instanceof Node.OfClosed closed) {
      return closed.attributes();
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
    if (inode instanceof Node.InVersion node) {
      return node.readLink();
    }
    throw new FsException(FailureKind.INVALID, "not a symbolic link");
  }

  @Override
  public OpenFile open(Inode inode, OpenMode mode, Requester requester) throws FsException {
    view.use();
    if (inode instanceof Node.Link) {
      throw loop();
    }
    if (inode instanceof Node.InVersion node) {
      return node.open(mode, requester);
    }
    throw new FsException(FailureKind.IS_DIRECTORY, "is a directory");
  }

  @Override
  public int read(OpenFile file, long offset, ByteBuffer target) throws FsException {
    view.use();
    return ((ReadableFile) file).read(offset, target);
  }

  @Override
  public long seek(OpenFile file, long offset, SeekMode mode) throws FsException {
    return ((ReadableFile) file).seek(offset, mode);
  }

  @Override
  public OpenDirectory openDirectory(Inode inode) throws FsException {
    view.use();
    if (inode instanceof Node.InVersion node) {
      return node.list();
    }
    if (inode instanceof Node.OfClosed closed) {
      throw closed.refusal();
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
      for (UncommittedVersion version : listed.head().uncommitted()) {
        // who it is, is seen when somebody looks at it: listing opens nothing
        Node.OfClosed node = new Node.OfClosed(dataset, version, "");
        Attributes attributes = TopLevel.attributes(StagedTree.number(dataset, version), version);
        all.add(new TopLevel.Named(version.id().value(), node, attributes));
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
    SpaceUsage local = inode instanceof StagedNode ? staged.space() : null;
    if (local != null) {
      return local;
    }
    return space.get().orElse(UNBOUNDED);
  }

  @Override
  public byte[] getExtendedAttribute(Inode inode, String name) throws FsException {
    if (inode instanceof Node.InVersion node) {
      return node.extendedAttribute(name, view.known());
    }
    return Utf8.encode(Node.InVersion.require(provenance(inode), name));
  }

  @Override
  public List<String> listExtendedAttributes(Inode inode) throws FsException {
    return inode instanceof Node.InVersion node
        ? node.extendedAttributes(view.known())
        : List.copyOf(provenance(inode).keySet());
  }

  private Map<String, String> provenance(Inode inode) throws FsException {
    return inode instanceof Node.OfDataset dataset
        ? Provenance.of(topLevel().require(dataset).dataset())
        : Map.of();
  }

  @Override
  public void remember(Inode inode) {
    if (inode instanceof StagedNode node) {
      node.tree().remember();
    }
  }

  @Override
  public void forget(Inode inode) {
    if (inode instanceof StagedNode node) {
      node.tree().forget(node.inode());
    }
  }

  /**
   * Ends the use of an uncommitted version, so that it can be closed: waits for what is in
   * progress, and closes what is open. Whoever asks for its name later makes the mount open it
   * again, if it is there.
   *
   * @param force whether to do so although processes have files or directories of it open, which
   *     are of no use to them from then on
   * @return whether it was done
   */
  public boolean retire(DatasetId dataset, VersionId version, boolean force) {
    boolean retired = staged.retire(dataset, version, force);
    if (retired) {
      view.report("/" + dataset, version.value());
    }
    return retired;
  }

  /**
   * Says that an uncommitted version has been committed: its name does not lead to what was staged
   * from now on. Who uses something of it goes on with that.
   *
   * @param then called once, by a thread of its own, when no file or directory of it is open, the
   *     kernel knows none of its inodes any more, and what was in progress has ended. From then on
   *     nothing is asked of it.
   */
  public void whenUnused(DatasetId dataset, VersionId version, Runnable then) {
    staged.whenUnused(dataset, version, then);
    view.report("/" + dataset, version.value());
  }

  /**
   * Names the one that makes the kernel forget what nobody uses of committed versions' staged
   * files; without one, those stay until memory is short.
   */
  public void pruneWith(Pruner pruner) {
    staged.leaving().pruneWith(pruner);
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

  private record ReaderKey(StorageProvider provider, DatasetId dataset) {}
}
