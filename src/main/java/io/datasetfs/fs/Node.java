package io.datasetfs.fs;

import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.UncommittedVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an inode of {@link DatasetFileSystem} stands for. Immutable. */
abstract sealed class Node implements Inode {
  private final long number;

  private Node(long number) {
    this.number = number;
  }

  @Override
  public final long number() {
    return number;
  }

  /** All but what is in a version may change, or cease to be there. */
  @Override
  public boolean immutable() {
    return false;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(number);
  }

  /** The top directory. */
  static final class Root extends Node {
    Root() {
      super(InodeNumbers.ROOT);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Root;
    }

    @Override
    public int hashCode() {
      return super.hashCode();
    }
  }

  /** A dataset's directory, whatever is in it now. */
  static final class OfDataset extends Node {
    private final DatasetId dataset;

    OfDataset(DatasetId dataset) {
      super(InodeNumbers.of(InodeNumbers.ROOT, dataset.value()));
      this.dataset = dataset;
    }

    DatasetId dataset() {
      return dataset;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof OfDataset node && dataset.equals(node.dataset);
    }

    @Override
    public int hashCode() {
      return super.hashCode();
    }
  }

  /** A symbolic link that moves: a dataset's name, a tag, {@code latest}, a reference. */
  static final class Link extends Node {
    private final Node directory;
    private final String name;

    Link(Node directory, String name) {
      super(InodeNumbers.of(directory.number(), name));
      this.directory = directory;
      this.name = name;
    }

    Node directory() {
      return directory;
    }

    String name() {
      return name;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Link node
          && name.equals(node.name)
          && directory.equals(node.directory);
    }

    @Override
    public int hashCode() {
      return super.hashCode();
    }
  }

  /** An uncommitted version's directory that this mount cannot enter. */
  static final class OfClosed extends Node {
    private final UncommittedVersion version;
    private final String reason;

    /**
     * @param reason who has it
     */
    OfClosed(OfDataset directory, UncommittedVersion version, String reason) {
      super(InodeNumbers.of(InodeNumbers.of(directory.number(), version.id().value()), "closed"));
      this.version = version;
      this.reason = reason;
    }

    /** Whoever has it may let it go. */
    @Override
    public boolean isPassing() {
      return true;
    }

    Attributes attributes() {
      return TopLevel.attributes(number(), version);
    }

    FsException refusal() {
      return new FsException(FailureKind.ACCESS_DENIED, reason);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof OfClosed node
          && number() == node.number()
          && reason.equals(node.reason);
    }

    @Override
    public int hashCode() {
      return super.hashCode();
    }
  }

  /** Something in a version, or its top directory. */
  abstract static sealed class InVersion extends Node permits EntryNode, StagedNode {
    InVersion(long number) {
      super(number);
    }

    /** What is under a name. */
    abstract Optional<? extends Node> find(String name) throws FsException;

    abstract Attributes attributes() throws FsException;

    abstract String readLink() throws FsException;

    abstract OpenFile open(OpenMode mode, Requester requester) throws FsException;

    abstract Listings.Listed list() throws FsException;

    /**
     * An extended attribute.
     *
     * @param state what is known of its dataset now
     * @throws FsException NO_ATTRIBUTE
     */
    abstract byte[] extendedAttribute(String name, CatalogState state) throws FsException;

    abstract List<String> extendedAttributes(CatalogState state) throws FsException;

    static String require(Map<String, String> values, String name) throws FsException {
      String value = values.get(name);
      if (value == null) {
        throw new FsException(FailureKind.NO_ATTRIBUTE, name + ": no such attribute");
      }
      return value;
    }
  }
}
