package io.datasetfs.fuse.kernel;

import com.kenai.jffi.MemoryIO;
import io.datasetfs.fs.Attributes;
import io.datasetfs.fs.DirectorySink;
import io.datasetfs.fs.FileType;
import io.datasetfs.fs.Inode;
import io.datasetfs.fuse.FileModes;
import io.datasetfs.model.Utf8;

/**
 * Fills an answer to READDIR or READDIRPLUS with the entries that fit. The offset of an entry is
 * its cookie and 2, since {@code .} and {@code ..} come first. Each entry of a READDIRPLUS that has
 * a node counts as a lookup of it.
 */
final class DirectoryAnswer implements DirectorySink {
  private static final int DOTS = 2;
  private static final int TYPE_SHIFT = 12;
  private static final MemoryIO MEMORY = MemoryIO.getInstance();

  private final NodeTable nodes;
  private final Answers answers;
  private final long directory;
  private final boolean plus;
  private final boolean lookups;
  private final long out;
  private final int room;
  private int length;

  /**
   * @param directory the node that is listed
   * @param plus whether entries come with attributes
   * @param lookups whether they may: not for a listing that may be older than what a lookup would
   *     find, as the kernel would remember it
   * @param out where to write
   * @param room how many bytes at most
   */
  DirectoryAnswer(
      NodeTable nodes,
      Answers answers,
      long directory,
      boolean plus,
      boolean lookups,
      long out,
      int room) {
    this.nodes = nodes;
    this.answers = answers;
    this.directory = directory;
    this.plus = plus;
    this.lookups = plus && lookups;
    this.out = out;
    this.room = room;
  }

  /** The file system's cookie for a kernel's offset. */
  static long cookie(long offset) {
    return Math.max(0, offset - DOTS);
  }

  /** Bytes written. */
  int length() {
    return length;
  }

  /**
   * Adds {@code .} and {@code ..} as far as they come at or behind {@code offset}.
   *
   * @return whether there was room
   */
  boolean addDots(long offset, long number, long parent) {
    return (offset > 0 || add(".", number, FileType.DIRECTORY, 1) > 0)
        && (offset > 1 || add("..", parent, FileType.DIRECTORY, DOTS) > 0);
  }

  @Override
  public boolean add(String name, Inode inode, Attributes attributes, long nextCookie) {
    long entry = add(name, attributes.inode(), attributes.type(), nextCookie + DOTS);
    if (entry == 0) {
      return false;
    }
    if (lookups) {
      boolean isDirectory = attributes.type() == FileType.DIRECTORY;
      long node = nodes.add(inode, directory, null, isDirectory);
      answers.putEntry(entry, node, attributes, true, inode.changesOnlyHere(), false);
    }
    return true;
  }

  /** Adds an entry without attributes; answers its address, or 0 when there is no room. */
  private long add(String name, long number, FileType type, long offset) {
    byte[] bytes = Utf8.encode(name);
    int head = plus ? Protocol.ENTRY : 0;
    int size = Protocol.aligned(head + Protocol.DIRENT_NAME + bytes.length);
    if (size > room - length) {
      return 0;
    }
    long entry = out + length;
    MEMORY.putLong(entry + size - Long.BYTES, 0); // the kernel is not to see what was there before
    if (plus) {
      MEMORY.setMemory(entry, Protocol.ENTRY, (byte) 0);
    }
    long dirent = entry + head;
    MEMORY.putLong(dirent + Protocol.DIRENT_INO, number);
    MEMORY.putLong(dirent + Protocol.DIRENT_OFFSET, offset);
    MEMORY.putInt(dirent + Protocol.DIRENT_NAME_LENGTH, bytes.length);
    MEMORY.putInt(dirent + Protocol.DIRENT_TYPE, FileModes.typeBits(type) >> TYPE_SHIFT);
    MEMORY.putByteArray(dirent + Protocol.DIRENT_NAME, bytes, 0, bytes.length);
    length += size;
    return entry;
  }

  /** Takes back the lookups of an answer that the kernel never got. */
  static void forget(NodeTable nodes, long out, int length) {
    for (int at = 0; at < length; ) {
      long entry = out + at;
      long node = MEMORY.getLong(entry + Protocol.ENTRY_NODE);
      if (node != 0) {
        nodes.forget(node, 1);
      }
      int name = MEMORY.getInt(entry + Protocol.ENTRY + Protocol.DIRENT_NAME_LENGTH);
      at += Protocol.aligned(Protocol.ENTRY + Protocol.DIRENT_NAME + name);
    }
  }
}
