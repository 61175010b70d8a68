package io.datasetfs.fuse;

import com.kenai.jffi.MemoryIO;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * A thread that receives requests and answers them, until the connection ends. It is a Java thread
 * that goes into libfuse, not one of libfuse's that comes into the JVM: attaching one costs more
 * than a small request. It receives and processes in two calls instead of being inside of {@code
 * fuse_loop} for good, so that an upcall can see the kernel's number of what it is about.
 */
final class LoopThread extends Thread {
  private static final Logger LOG = System.getLogger(LoopThread.class.getName());
  private static final MemoryIO MEMORY = MemoryIO.getInstance();

  // struct fuse_buf { size_t size; int flags; void *mem; int fd; off_t pos; }
  private static final int BUFFER_FLAGS = 8;
  private static final int BUFFER_MEMORY = 16;
  private static final int BUFFER_BYTES = 40;
  private static final int IN_A_PIPE = 2;

  // struct fuse_in_header { u32 len; u32 opcode; u64 unique; u64 nodeid; ... }
  private static final int NODE = 16;

  private static final int EINTR = 4;

  private final LibFuse library;
  private final Session session;
  private long request;

  LoopThread(ThreadGroup group, String name, LibFuse library, Session session) {
    super(group, name);
    this.library = library;
    this.session = session;
    setDaemon(true);
  }

  /**
   * The kernel's number of the file or directory that the request being answered by this thread is
   * about: for a lookup, the directory's. 0 when that cannot be told.
   */
  static long currentNode() {
    return Thread.currentThread() instanceof LoopThread loop && loop.request != 0
        ? MEMORY.getLong(loop.request + NODE)
        : 0;
  }

  @Override
  public void run() {
    long size = library.fuse_chan_bufsize(session.channel());
    // one block: the structure, a cell for the channel's pointer, the request
    long memory = MEMORY.allocateMemory(BUFFER_BYTES + Long.BYTES + size, true);
    try {
      long channelCell = memory + BUFFER_BYTES;
      long content = channelCell + Long.BYTES;
      while (step(memory, channelCell, content, size)) {
        request = 0;
      }
    } catch (Throwable e) {
      LOG.log(Level.ERROR, getName() + " ends", e);
    } finally {
      request = 0;
      MEMORY.freeMemory(memory);
      session.loopEnded();
    }
  }

  private boolean step(long buffer, long channelCell, long content, long size) {
    MEMORY.putLong(buffer, size);
    MEMORY.putInt(buffer + BUFFER_FLAGS, 0);
    MEMORY.putLong(buffer + BUFFER_MEMORY, content);
    MEMORY.putLong(channelCell, session.channel());
    int length = library.fuse_session_receive_buf(session.session(), buffer, channelCell);
    if (length == -EINTR) {
      return true;
    }
    if (length <= 0) {
      if (length < 0) {
        LOG.log(Level.ERROR, getName() + ": receiving failed: " + Errno.text(-length));
      }
      return false;
    }
    boolean inMemory = (MEMORY.getInt(buffer + BUFFER_FLAGS) & IN_A_PIPE) == 0;
    request = inMemory ? content : 0;
    session.busy();
    try {
      library.fuse_session_process_buf(session.session(), buffer, MEMORY.getLong(channelCell));
    } finally {
      session.idle();
    }
    return true;
  }
}
