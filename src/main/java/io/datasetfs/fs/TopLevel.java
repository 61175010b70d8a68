package io.datasetfs.fs;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.Utf8;
import io.datasetfs.model.VersionId;
import io.datasetfs.model.VersionRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The path grammar: what is above the versions. All answers follow from one catalog state. */
final class TopLevel {
  private static final int DIRECTORY_MODE = 0755;
  private static final int LINK_MODE = 0777;
  private static final int DIRECTORY_BYTES = 4096;
  private static final int BLOCK_BYTES = 512;

  private final CatalogState state;

  TopLevel(CatalogState state) {
    this.state = state;
  }

  /** What a name of the top directory is: a dataset's directory or a link. */
  Optional<Node> find(Node.Root root, String name) {
    if (DatasetId.isValid(name)) {
      return state.find(new DatasetId(name)).map(d -> new Node.OfDataset(d.id()));
    }
    Node.Link link = new Node.Link(root, name);
    return target(link).map(t -> link);
  }

  /** The link of that name in a dataset's directory. */
  Optional<Node> findLink(Node.OfDataset directory, String name) {
    Node.Link link = new Node.Link(directory, name);
    return target(link).map(t -> link);
  }

  /** The version of that name in a dataset's directory. */
  static Optional<VersionRecord> findVersion(Dataset dataset, String name) {
    return VersionId.isValid(name) ? dataset.head().find(new VersionId(name)) : Optional.empty();
  }

  Dataset require(Node.OfDataset directory) throws FsException {
    return state.find(directory.dataset()).orElseThrow(() -> gone(directory.dataset().value()));
  }

  String readLink(Node.Link link) throws FsException {
    return target(link).orElseThrow(() -> gone(link.name())).path();
  }

  private Optional<CatalogState.Target> target(Node.Link link) {
    String name = link.name();
    if (link.directory() instanceof Node.OfDataset directory) {
      Dataset dataset = state.find(directory.dataset()).orElse(null);
      VersionId version = dataset == null ? null : CatalogState.links(dataset).get(name);
      return version == null
          ? Optional.empty()
          : dataset
              .head()
              .find(version)
              .map(v -> new CatalogState.Target(v.id().value(), v.committed()));
    }
    if (name.indexOf(':') >= 0) {
      return state.resolve(name);
    }
    return state
        .find(name)
        .map(d -> new CatalogState.Target(d.id().value(), CatalogState.changed(d)));
  }

  Attributes attributes(Node.Root root) {
    Instant changed = Instant.EPOCH;
    for (Dataset dataset : state.datasets()) {
      Instant own = CatalogState.changed(dataset);
      changed = changed.isBefore(own) ? own : changed;
    }
    return directory(root.number(), state.datasets().size(), changed);
  }

  Attributes attributes(Node.OfDataset node) throws FsException {
    Dataset dataset = require(node);
    return directory(
        node.number(), dataset.head().versions().size(), CatalogState.changed(dataset));
  }

  Attributes attributes(Node.Link link) throws FsException {
    CatalogState.Target target = target(link).orElseThrow(() -> gone(link.name()));
    int size = Utf8.encode(target.path()).length;
    return new Attributes(
        link.number(),
        FileType.SYMLINK,
        LINK_MODE,
        1,
        size,
        blocksOf(size),
        target.changed(),
        target.changed());
  }

  private static Attributes directory(long number, long directories, Instant changed) {
    return new Attributes(
        number,
        FileType.DIRECTORY,
        DIRECTORY_MODE,
        linksOf(directories),
        DIRECTORY_BYTES,
        blocksOf(DIRECTORY_BYTES),
        changed,
        changed);
  }

  /** What {@code ls} shows of the top directory. */
  List<Named> list(Node.Root root) throws FsException {
    List<Named> all = new ArrayList<>();
    for (Dataset dataset : state.datasets()) {
      all.add(new Named(dataset.id().value(), attributes(new Node.OfDataset(dataset.id()))));
    }
    for (String name : state.names().keySet()) {
      all.add(new Named(name, attributes(new Node.Link(root, name))));
    }
    return all;
  }

  /** What {@code ls} shows of a dataset's links. */
  List<Named> listLinks(Node.OfDataset directory) throws FsException {
    List<Named> all = new ArrayList<>();
    for (String name : CatalogState.links(require(directory)).keySet()) {
      all.add(new Named(name, attributes(new Node.Link(directory, name))));
    }
    return all;
  }

  static int linksOf(long directories) {
    return (int) Math.min(Integer.MAX_VALUE, directories + 2);
  }

  static long blocksOf(long size) {
    return size / BLOCK_BYTES + (size % BLOCK_BYTES == 0 ? 0 : 1);
  }

  private static FsException gone(String what) {
    return new FsException(FailureKind.NOT_FOUND, what + ": is gone");
  }

  /**
   * A name in a listing.
   *
   * @param name the name
   * @param attributes what {@code stat} tells of it
   */
  record Named(String name, Attributes attributes) {}
}
