package io.datasetfs.fuse;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallContextCache;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.MemoryIO;
import com.kenai.jffi.Type;
import io.datasetfs.fs.Attributes;
import io.datasetfs.fs.DirectorySink;
import io.datasetfs.fs.FileType;
import io.datasetfs.fs.Inode;

/**
 * Hands directory entries to libfuse's filler function, with offsets: it then takes what fits into
 * the kernel's buffer and says when that is full, instead of collecting the whole directory. The
 * offset of an entry is its cookie and 2, since {@code .} and {@code ..} come first.
 */
final class DirectoryFill implements DirectorySink, AutoCloseable {
  private static final int DOTS = 2;

  private static final MemoryIO MEMORY = MemoryIO.getInstance();
  private static final Invoker INVOKER = Invoker.getInstance();
  private static final CallContext FILLER =
      CallContextCache.getInstance()
          .getCallContext(
              Type.SINT,
              new Type[] {Type.POINTER, Type.POINTER, Type.POINTER, Type.SLONG_LONG},
              CallingConvention.DEFAULT,
              false);
  // room for a name of 255 UTF-16 units, of 3 bytes at most each, and its 0
  private static final int NAME_ROOM = 1024;

  private final long buffer;
  private final long filler;
  private final long stat = MEMORY.allocateMemory(Layouts.STAT_SIZE + NAME_ROOM, true);

  DirectoryFill(long buffer, long filler) {
    this.buffer = buffer;
    this.filler = filler;
  }

  /** The file system's cookie for a kernel's offset. */
  static long cookie(long offset) {
    return Math.max(0, offset - DOTS);
  }

  /**
   * Adds {@code .} and {@code ..} as far as they come at or behind {@code offset}.
   *
   * @return whether there was room
   */
  boolean addDots(long offset, long number, long parent) {
    return (offset > 0 || add(".", number, FileType.DIRECTORY, 1))
        && (offset > 1 || add("..", parent, FileType.DIRECTORY, 2));
  }

  @Override
  public boolean add(String name, Inode inode, Attributes attributes, long nextCookie) {
    return add(name, attributes.inode(), attributes.type(), Math.addExact(nextCookie, (long) DOTS));
  }

  private boolean add(String name, long inode, FileType type, long offset) {
    byte[] bytes = CStrings.terminated(name);
    if (bytes.length > NAME_ROOM) {
      throw new IllegalArgumentException("a name of " + bytes.length + " bytes");
    }
    long nameAddress = stat + Layouts.STAT_SIZE;
    MEMORY.putByteArray(nameAddress, bytes, 0, bytes.length);
    Layouts.putEntry(stat, inode, type);
    long full = INVOKER.invokeN4(FILLER, filler, buffer, nameAddress, stat, offset);
    return (int) full == 0;
  }

  @Override
  public void close() {
    MEMORY.freeMemory(stat);
  }
}
