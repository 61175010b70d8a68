package io.datasetfs.fs;

import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.UncommittedVersion;
import io.datasetfs.model.Utf8;
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
      return state.find(new DatasetId(name)).map(d -> new Node.OfDataset(d.dataset().id()));
    }
    Node.Link link = new Node.Link(root, name);
    return target(link).map(t -> link);
  }

  /** The link of that name in a dataset's directory. */
  Optional<Node> findLink(Node.OfDataset directory, String name) {
    Node.Link link = new Node.Link(directory, name);
    return target(link).map(t -> link);
  }

  /** A dataset that must be there. */
  DatasetEntry require(Node.OfDataset directory) throws FsException {
    return state.find(directory.dataset()).orElseThrow(() -> gone(directory.dataset().value()));
  }

  String readLink(Node.Link link) throws FsException {
    return target(link).orElseThrow(() -> gone(link.name())).path();
  }

  private Optional<CatalogState.Target> target(Node.Link link) {
    String name = link.name();
    if (link.directory() instanceof Node.OfDataset directory) {
      return state
          .find(directory.dataset())
          .flatMap(entry -> entry.linked(name))
          .map(v -> new CatalogState.Target(v.id().value(), v.committed()));
    }
    if (name.indexOf(':') >= 0) {
      return state.resolve(name);
    }
    return state
        .find(name)
        .map(d -> new CatalogState.Target(d.dataset().id().value(), d.changed()));
  }

  Attributes attributes(Node.Root root) {
    return directory(root.number(), state.datasets().size(), state.changed());
  }

  Attributes attributes(Node.OfDataset node) throws FsException {
    DatasetEntry entry = require(node);
    int versions = entry.dataset().head().versions().size() + entry.uncommitted().size();
    return directory(node.number(), versions, entry.changed());
  }

  /** Of a version that is not committed, as far as anybody can tell without its files. */
  static Attributes attributes(long number, UncommittedVersion version) {
    return directory(number, 0, version.created());
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
    for (DatasetEntry entry : state.datasets()) {
      DatasetId id = entry.dataset().id();
      Node.OfDataset node = new Node.OfDataset(id);
      all.add(new Named(id.value(), node, attributes(node)));
    }
    for (String name : state.names()) {
      Node.Link link = new Node.Link(root, name);
      all.add(new Named(name, link, attributes(link)));
    }
    return all;
  }

  /** What {@code ls} shows of a dataset's links. */
  List<Named> listLinks(Node.OfDataset directory) throws FsException {
    List<Named> all = new ArrayList<>();
    for (String name : require(directory).links().keySet()) {
      Node.Link link = new Node.Link(directory, name);
      all.add(new Named(name, link, attributes(link)));
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
   * @param node what it stands for
   * @param attributes what {@code stat} tells of it
   */
  record Named(String name, Node node, Attributes attributes) {}
}
