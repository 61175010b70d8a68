package io.datasetfs.fuse;

import com.kenai.jffi.MemoryIO;
import io.datasetfs.fs.Requester;
import io.datasetfs.read.fetch.OnBehalf;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * A thread that receives requests and answers them, until the connection ends. It is a Java thread
 * that goes into libfuse, not one of libfuse's that comes into the JVM: attaching one costs more
 * than a small request. It receives and processes in two calls instead of being inside of {@code
 * fuse_loop} for good, so that an upcall can see the kernel's number of what it is about.
 */
final class LoopThread extends Thread implements OnBehalf {
  private static final Logger LOG = System.getLogger(LoopThread.class.getName());
  private static final MemoryIO MEMORY = MemoryIO.getInstance();

  // struct fuse_buf { size_t size; int flags; void *mem; int fd; off_t pos; }
  private static final int BUFFER_FLAGS = 8;
  private static final int BUFFER_MEMORY = 16;
  private static final int BUFFER_BYTES = 40;
  private static final int IN_A_PIPE = 2;

  // struct fuse_in_header { u32 len; u32 opcode; u64 unique; u64 nodeid; u32 uid; u32 gid; u32 pid;
  // ... }
  private static final int OPERATION = 4;
  private static final int NODE = 16;
  private static final int UID = 24;
  private static final int GID = 28;
  private static final int CALLER = 32;
  private static final int HEADER = 40;
  private static final int GETATTR = 3;
  private static final int READ = 15;

  // struct fuse_getattr_in { u32 flags; u32 dummy; u64 fh; }
  private static final int BY_HANDLE = 1;
  private static final int GETATTR_HANDLE = 8;

  private static final int EINTR = 4;

  private final LibFuse library;
  private final Session session;
  private long request;
  private OpenFiles.Opened asked;

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

  /** On whose behalf the request is that is being answered by this thread. */
  static Requester requester() {
    long request = Thread.currentThread() instanceof LoopThread loop ? loop.request : 0;
    return request == 0
        ? new Requester(0, 0, 0)
        : new Requester(
            MEMORY.getInt(request + UID),
            MEMORY.getInt(request + GID),
            MEMORY.getInt(request + CALLER));
  }

  /**
   * Who asks, if what he writes to does not keep its set-user and set-group bits; else {@code
   * null}. The kernel takes them away itself, but not set-group where the group may not execute.
   */
  static Requester unprivileged() {
    Requester requester = requester();
    return requester.isPrivileged() ? null : requester;
  }

  /**
   * Whether nobody receives the answer to the request that this thread is at. What the kernel reads
   * ahead for a process that is gone is not wanted either: where another one waits for the same
   * pages, the kernel asks again for it.
   */
  @Override
  public boolean isAbandoned() {
    return request != 0 && Caller.isGone(MEMORY.getInt(request + CALLER));
  }

  @Override
  public void run() {
    long size = library.fuse_chan_bufsize(session.channel());
    // one block: the structure, a cell for the channel's pointer, the request; most requests are
    // small, so what they do not touch is left alone
    long memory = MEMORY.allocateMemory(BUFFER_BYTES + Long.BYTES + size, false);
    MEMORY.setMemory(memory, BUFFER_BYTES + Long.BYTES, (byte) 0);
    try {
      long channelCell = memory + BUFFER_BYTES;
      long content = channelCell + Long.BYTES;
      while (step(memory, channelCell, content, size)) {
        request = 0;
        asked = null;
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
      int operation = inMemory ? MEMORY.getInt(content + OPERATION) : 0;
      if (operation == GETATTR) {
        askByHandle(content);
      }
      if (operation == READ) {
        processReads(buffer, channelCell, content, length);
      } else {
        library.fuse_session_process_buf(session.session(), buffer, MEMORY.getLong(channelCell));
      }
    } finally {
      session.idle();
    }
    return true;
  }

  /**
   * Has the attributes of a file that is open asked for by its handle. The kernel names none, and
   * libfuse would look for the file's path, which may be gone.
   */
  private void askByHandle(long content) {
    asked = session.files().find(MEMORY.getLong(content + NODE));
    if (asked != null) {
      MEMORY.putInt(content + HEADER, BY_HANDLE);
      MEMORY.putLong(content + HEADER + GETATTR_HANDLE, 0);
    }
  }

  /** The open file whose attributes this thread is being asked for by its node, or {@code null}. */
  static OpenFiles.Opened asked() {
    return Thread.currentThread() instanceof LoopThread loop ? loop.asked : null;
  }

  /** Answers a read, and those that have been parked meanwhile; or parks it. */
  private void processReads(long buffer, long channelCell, long content, int length) {
    if (!session.reads().enter(() -> copy(content, length))) {
      return;
    }
    byte[] next;
    do {
      try {
        library.fuse_session_process_buf(session.session(), buffer, MEMORY.getLong(channelCell));
      } finally {
        next = session.reads().leave();
      }
      if (next != null) {
        MEMORY.putByteArray(content, next, 0, next.length);
        MEMORY.putLong(buffer, next.length);
        MEMORY.putInt(buffer + BUFFER_FLAGS, 0);
        MEMORY.putLong(buffer + BUFFER_MEMORY, content);
        MEMORY.putLong(channelCell, session.channel());
      }
    } while (next != null);
  }

  private static byte[] copy(long address, int length) {
    byte[] bytes = new byte[length];
    MEMORY.getByteArray(address, bytes, 0, length);
    return bytes;
  }
}
