package io.datasetfs.fuse.kernel;

import io.datasetfs.fs.Attributes;
import io.datasetfs.fs.FileSystem;
import io.datasetfs.fs.FileType;
import io.datasetfs.fs.Inode;

/**
 * The inodes behind the numbers that the kernel uses, and the answers that tell it of more.
 * Thread-safe.
 */
final class KnownInodes {
  private final FileSystem fs;
  private final NodeTable nodes;
  private final Answers answers;

  KnownInodes(FileSystem fs, NodeTable nodes, Answers answers) {
    this.fs = fs;
    this.nodes = nodes;
    this.answers = answers;
  }

  /** The inode of a node, of which the kernel has been told. */
  Inode require(long node) {
    Inode inode = find(node);
    if (inode == null) {
      throw new IllegalStateException("the kernel asks for a node that it does not know");
    }
    return inode;
  }

  /** The inode of a node, or {@code null}. */
  Inode find(long node) {
    return node == Protocol.ROOT ? fs.root() : nodes.find(node);
  }

  /**
   * Tells of what is under a name; one lookup of it.
   *
   * @param directory the node that has the name
   * @param name the name; {@code null} when it has none
   * @param out where to write
   * @return the answer's length
   */
  int putEntry(long out, long directory, String name, Inode found, Attributes attributes) {
    boolean stays = require(directory).changesOnlyHere();
    boolean isDirectory = attributes.type() == FileType.DIRECTORY;
    // names in directories that only the kernel changes need not be taken back
    boolean mayMove = !stays || !found.changesOnlyHere();
    long node = nodes.add(found, directory, mayMove ? name : null, isDirectory);
    return answers.putEntry(
        out, node, attributes, stays, found.changesOnlyHere(), found.isPassing());
  }

  NodeTable nodes() {
    return nodes;
  }

  Answers answers() {
    return answers;
  }
}
