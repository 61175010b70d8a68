package io.datasetfs.fs;

import io.datasetfs.model.DatasetId;

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

  /** Something in a committed version, or its top directory. */
  abstract static sealed class InVersion extends Node permits EntryNode {
    InVersion(long number) {
      super(number);
    }
  }
}
