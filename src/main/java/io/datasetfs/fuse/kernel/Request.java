package io.datasetfs.fuse.kernel;

import com.kenai.jffi.MemoryIO;
import io.datasetfs.fs.Requester;
import java.nio.ByteBuffer;

/**
 * A request of the kernel's, as it lies in memory.
 *
 * @param address where it begins, with its header
 */
record Request(long address) implements Gate.Waiting {
  private static final MemoryIO MEMORY = MemoryIO.getInstance();

  /** A copy in memory of its own, which has to be {@linkplain #free freed}. */
  Request copy() {
    int length = length();
    long memory = MEMORY.allocateMemory(length, false);
    MEMORY.copyMemory(address, memory, length);
    return new Request(memory);
  }

  void free() {
    MEMORY.freeMemory(address);
  }

  int length() {
    return MEMORY.getInt(address + Protocol.IN_LENGTH);
  }

  int opcode() {
    return MEMORY.getInt(address + Protocol.IN_OPCODE);
  }

  @Override
  public long unique() {
    return MEMORY.getLong(address + Protocol.IN_UNIQUE);
  }

  @Override
  public int caller() {
    return MEMORY.getInt(address + Protocol.IN_CALLER);
  }

  /** The node that it is about; of names, the directory. */
  long node() {
    return MEMORY.getLong(address + Protocol.IN_NODE);
  }

  /** On whose behalf. */
  Requester requester() {
    return new Requester(
        MEMORY.getInt(address + Protocol.IN_UID),
        MEMORY.getInt(address + Protocol.IN_GID),
        caller());
  }

  /** Where what is behind the header begins. */
  long in() {
    return address + Protocol.IN_HEADER;
  }

  int intAt(int offset) {
    return MEMORY.getInt(in() + offset);
  }

  long longAt(int offset) {
    return MEMORY.getLong(in() + offset);
  }

  /** The open file or directory that it is about. */
  long handle() {
    return longAt(Protocol.HANDLE);
  }

  /** Bytes of it, without a copy. */
  ByteBuffer bytes(int offset, int size) {
    if (size < 0 || size > length() - Protocol.IN_HEADER - offset) {
      throw new IllegalStateException("a request with " + size + " bytes that are not there");
    }
    return MEMORY.newDirectByteBuffer(in() + offset, size);
  }
}
