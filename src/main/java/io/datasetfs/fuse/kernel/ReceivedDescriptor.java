package io.datasetfs.fuse.kernel;

import com.kenai.jffi.MemoryIO;
import io.datasetfs.fuse.Errno;
import io.datasetfs.fuse.LibC;

/** Receives an open file from another process, through a socket. */
final class ReceivedDescriptor {
  private static final MemoryIO MEMORY = MemoryIO.getInstance();
  private static final int CLOSE_ON_EXEC = 0x40000000;

  // struct msghdr { name, namelen, iov, iovlen, control, controllen, flags }
  private static final int VECTOR = 16;
  private static final int VECTOR_LENGTH = 24;
  private static final int CONTROL = 32;
  private static final int CONTROL_LENGTH = 40;
  private static final int MESSAGE = 56;

  // struct iovec { base, len } with one byte to receive
  private static final int BYTE = MESSAGE + 16;
  private static final int CONTROLS = BYTE + 8;

  // struct cmsghdr { size_t len; int level; int type; } and one descriptor
  private static final int CONTROL_SIZE = 24;
  private static final int CONTROL_USED = 20;
  private static final int LEVEL = 8;
  private static final int TYPE = 12;
  private static final int DESCRIPTOR = 16;
  private static final int SOCKET_LEVEL = 1;
  private static final int RIGHTS = 1;

  private ReceivedDescriptor() {}

  /** Waits for the descriptor; -1 when the other side sends none. */
  static int receive(int socket) {
    long memory = MEMORY.allocateMemory(CONTROLS + CONTROL_SIZE, true);
    try {
      MEMORY.putLong(memory + VECTOR, memory + MESSAGE);
      MEMORY.putLong(memory + VECTOR_LENGTH, 1);
      MEMORY.putLong(memory + MESSAGE, memory + BYTE);
      MEMORY.putLong(memory + MESSAGE + Long.BYTES, 1);
      MEMORY.putLong(memory + CONTROL, memory + CONTROLS);
      MEMORY.putLong(memory + CONTROL_LENGTH, CONTROL_SIZE);
      long length;
      do {
        length = KernelCalls.INSTANCE.recvmsg(socket, memory, CLOSE_ON_EXEC);
      } while (length < 0 && LibC.lastError() == Errno.EINTR.number());
      long control = memory + CONTROLS;
      boolean received =
          length > 0
              && MEMORY.getLong(memory + CONTROL_LENGTH) >= CONTROL_USED
              && MEMORY.getInt(control + LEVEL) == SOCKET_LEVEL
              && MEMORY.getInt(control + TYPE) == RIGHTS;
      return received ? MEMORY.getInt(control + DESCRIPTOR) : -1;
    } finally {
      MEMORY.freeMemory(memory);
    }
  }
}
