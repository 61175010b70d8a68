package io.datasetfs.fuse.kernel;

import com.kenai.jffi.MemoryIO;
import io.datasetfs.fuse.CStrings;
import io.datasetfs.fuse.Errno;
import io.datasetfs.fuse.LibC;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The open {@code /dev/fuse} of one mount: each read gives one request, each write is one answer or
 * notice. The kernel ends the connection when it is closed. Thread-safe; whoever reads has to have
 * stopped before it is closed.
 */
final class Device {
  static final String PATH = "/dev/fuse";

  private static final int READ_WRITE = 2;
  private static final int CLOSE_ON_EXEC = 02000000;
  private static final MemoryIO MEMORY = MemoryIO.getInstance();

  private final int descriptor;

  /** Held for reading while a notice is written, for writing to close. */
  private final ReadWriteLock use = new ReentrantReadWriteLock();

  /** Guarded by {@link #use}. */
  private boolean closed;

  Device(int descriptor) {
    this.descriptor = descriptor;
  }

  /** Opens the device, for a mount that is yet to be made. */
  static Device open() throws FsException {
    int descriptor =
        KernelCalls.INSTANCE.open(CStrings.terminated(PATH), READ_WRITE | CLOSE_ON_EXEC);
    if (descriptor < 0) {
      throw new FsException(
          FailureKind.ACCESS_DENIED, PATH + " cannot be opened: " + Errno.text(LibC.lastError()));
    }
    return new Device(descriptor);
  }

  int descriptor() {
    return descriptor;
  }

  /**
   * Waits for a request.
   *
   * @param memory where to put it
   * @param size the room there
   * @return its length, or a negated errno
   */
  int receive(long memory, int size) {
    long length = KernelCalls.INSTANCE.read(descriptor, memory, size);
    return length < 0 ? -LibC.lastError() : (int) length;
  }

  /**
   * Answers a request.
   *
   * @param memory the answer, with room for its header before it
   * @param result the answer's length without the header, or a negated errno
   * @return 0 or a negated errno
   */
  int answer(long memory, long unique, int result) {
    int length = Protocol.OUT_HEADER + Math.max(0, result);
    MEMORY.putInt(memory + Protocol.OUT_LENGTH, length);
    MEMORY.putInt(memory + Protocol.OUT_ERROR, Math.min(0, result));
    MEMORY.putLong(memory + Protocol.OUT_UNIQUE, unique);
    return write(memory, length);
  }

  private int write(long memory, int length) {
    return KernelCalls.INSTANCE.write(descriptor, memory, length) < 0 ? -LibC.lastError() : 0;
  }

  /**
   * Makes the kernel forget a name in a directory, and the directory's attributes.
   *
   * @return 0 or a negated errno
   */
  int forgetEntry(long directory, byte[] name) {
    int length = Protocol.OUT_HEADER + Protocol.INVAL_ENTRY_NAME + name.length + 1;
    long memory = MEMORY.allocateMemory(length, true);
    try {
      long body = memory + Protocol.OUT_HEADER;
      MEMORY.putLong(body + Protocol.INVAL_ENTRY_PARENT, directory);
      MEMORY.putInt(body + Protocol.INVAL_ENTRY_LENGTH, name.length);
      MEMORY.putByteArray(body + Protocol.INVAL_ENTRY_NAME, name, 0, name.length);
      return notice(Protocol.NOTIFY_INVAL_ENTRY, memory, length);
    } finally {
      MEMORY.freeMemory(memory);
    }
  }

  /**
   * Makes the kernel forget the attributes and the pages of a node.
   *
   * @return 0 or a negated errno
   */
  int forgetContent(long node) {
    int length = Protocol.OUT_HEADER + Protocol.INVAL_INODE;
    long memory = MEMORY.allocateMemory(length, true);
    try {
      long body = memory + Protocol.OUT_HEADER;
      MEMORY.putLong(body + Protocol.INVAL_INODE_NODE, node);
      MEMORY.putLong(body + Protocol.INVAL_INODE_OFFSET, 0);
      MEMORY.putLong(body + Protocol.INVAL_INODE_LENGTH, 0);
      return notice(Protocol.NOTIFY_INVAL_INODE, memory, length);
    } finally {
      MEMORY.freeMemory(memory);
    }
  }

  private int notice(int code, long memory, int length) {
    MEMORY.putInt(memory + Protocol.OUT_LENGTH, length);
    MEMORY.putInt(memory + Protocol.OUT_ERROR, code);
    use.readLock().lock();
    try {
      return closed ? 0 : write(memory, length);
    } finally {
      use.readLock().unlock();
    }
  }

  /** Closes it; after that, notices go nowhere. */
  void close() {
    use.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        KernelCalls.INSTANCE.close(descriptor);
      }
    } finally {
      use.writeLock().unlock();
    }
  }
}
