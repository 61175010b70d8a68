package io.datasetfs.fuse.kernel;

import com.kenai.jffi.MemoryIO;
import io.datasetfs.fuse.Caller;
import io.datasetfs.fuse.Errno;
import io.datasetfs.fuse.Guard;
import io.datasetfs.read.fetch.OnBehalf;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;

/**
 * A thread that receives requests and answers them, until the connection ends. It has memory of its
 * own for one request and one answer: what a file system reads goes straight to where the kernel
 * takes it from.
 */
final class RequestLoop extends Thread implements OnBehalf {
  private static final Logger LOG = System.getLogger(RequestLoop.class.getName());
  private static final MemoryIO MEMORY = MemoryIO.getInstance();

  private static final int EINTR = Errno.EINTR.answer();
  private static final int EAGAIN = Errno.EAGAIN.answer();
  private static final int ENOENT = Errno.ENOENT.answer();
  private static final int ENODEV = Errno.ENODEV.answer();

  private final Device device;
  private final Operations operations;
  private final KernelSession session;

  // Only of this thread. The answer's header comes first.
  private long request;
  private long answer;
  private ByteBuffer data;

  /** The number of the request that is being answered; 0 is none. */
  private long current;

  /** The thread that asked for it, or 0. */
  private int caller;

  RequestLoop(
      ThreadGroup group, String name, Device device, Operations operations, KernelSession session) {
    super(group, name);
    this.device = device;
    this.operations = operations;
    this.session = session;
    setDaemon(true);
  }

  /**
   * {@inheritDoc}
   *
   * <p>What the kernel reads ahead for a process that is gone is not wanted either: where another
   * one waits for the same pages, the kernel asks again for it.
   */
  @Override
  public boolean isAbandoned() {
    return current != 0 && Caller.isGone(caller);
  }

  @Override
  public void run() {
    try {
      request = MEMORY.allocateMemory(Negotiation.REQUEST_SIZE, false);
      answer = MEMORY.allocateMemory(Protocol.OUT_HEADER + Negotiation.ANSWER_SIZE, false);
      data = MEMORY.newDirectByteBuffer(answer + Protocol.OUT_HEADER, Negotiation.ANSWER_SIZE);
      boolean goOn = true;
      while (goOn) {
        goOn = stepSafely();
      }
    } catch (Throwable e) {
      LOG.log(Level.ERROR, getName() + " ends", e);
    } finally {
      MEMORY.freeMemory(answer);
      MEMORY.freeMemory(request);
      session.loopEnded();
    }
  }

  /** Receives a request; whatever happens it gets an answer, or who asked would wait for ever. */
  private boolean stepSafely() {
    try {
      return step(device.receive(request, Negotiation.REQUEST_SIZE));
    } catch (Throwable e) {
      int unanswered = current == 0 ? 0 : device.answer(answer, current, Errno.EIO.answer());
      LOG.log(Level.ERROR, getName() + ": unexpected failure " + unanswered, e);
      return true;
    } finally {
      current = 0;
    }
  }

  /** Deals with one request. Answers whether to go on. */
  private boolean step(int length) {
    if (length < 0) {
      // a request that was taken back while it was read, or a signal
      if (length == ENOENT || length == EINTR || length == EAGAIN) {
        return true;
      }
      if (length != ENODEV) {
        LOG.log(Level.ERROR, getName() + ": receiving failed: " + Errno.text(-length));
      }
      return false;
    }
    if (length < Protocol.IN_HEADER || length != MEMORY.getInt(request + Protocol.IN_LENGTH)) {
      LOG.log(Level.ERROR, getName() + ": a request of " + length + " bytes");
      return false;
    }
    int opcode = MEMORY.getInt(request + Protocol.IN_OPCODE);
    long unique = MEMORY.getLong(request + Protocol.IN_UNIQUE);
    long node = MEMORY.getLong(request + Protocol.IN_NODE);
    long in = request + Protocol.IN_HEADER;
    switch (opcode) {
      case Protocol.FORGET -> operations.forget(node, in);
      case Protocol.BATCH_FORGET -> operations.forgetAll(in);
      case Protocol.INTERRUPT -> interrupt(MEMORY.getLong(in + Protocol.INTERRUPTED));
      default -> {
        current = unique;
        caller = MEMORY.getInt(request + Protocol.IN_CALLER);
        session.busy();
        boolean goOn;
        try {
          if (opcode == Protocol.READ) {
            read(unique, in);
          } else {
            perform(opcode, unique, node, in);
          }
        } finally {
          goOn = session.idle();
        }
        return goOn;
      }
    }
    return true;
  }

  /**
   * The caller has got a signal. It may be one that he handles, and then goes on waiting; and what
   * is being answered looks after its caller by itself. So this is for reads that stand in line.
   */
  private void interrupt(long target) {
    if (session.reads().cancel(target)) {
      send(Protocol.READ, target, EINTR);
    }
  }

  private void read(long unique, long in) {
    ReadGate.Read read =
        new ReadGate.Read(
            unique,
            caller,
            MEMORY.getLong(in + Protocol.HANDLE),
            MEMORY.getLong(in + Protocol.READ_OFFSET),
            MEMORY.getInt(in + Protocol.READ_SIZE));
    if (!session.reads().enter(read)) {
      return;
    }
    while (read != null) {
      try {
        perform(read);
      } finally {
        read = session.reads().leave();
      }
    }
  }

  private void perform(ReadGate.Read read) {
    current = read.unique();
    caller = read.caller();
    int result;
    try {
      int size = Math.min(read.size(), Negotiation.ANSWER_SIZE);
      result = operations.read(read.handle(), read.offset(), size, data);
    } catch (Throwable e) {
      result = failed(Protocol.READ, operations.nodeOf(read.handle()), e);
    }
    send(Protocol.READ, read.unique(), result);
  }

  private void perform(int opcode, long unique, long node, long in) {
    int result;
    try {
      result = operations.perform(opcode, node, in, answer + Protocol.OUT_HEADER);
    } catch (Throwable e) {
      result = failed(opcode, node, e);
    }
    send(opcode, unique, result);
  }

  private static int failed(int opcode, long node, Throwable thrown) {
    return Guard.errno(Protocol.name(opcode), () -> "inode " + node, thrown).answer();
  }

  private void send(int opcode, long unique, int result) {
    int failure = device.answer(answer, unique, result);
    if (failure == 0) {
      return;
    }
    if (result >= 0) {
      operations.undo(opcode, answer + Protocol.OUT_HEADER, result);
    }
    // whoever asked has been killed, or the mount is gone
    if (failure != ENOENT && failure != ENODEV) {
      LOG.log(
          Level.ERROR,
          "the kernel does not take an answer to {0}: {1}",
          Protocol.name(opcode),
          Errno.text(-failure));
      int unused = device.answer(answer, unique, Errno.EIO.answer());
    }
  }
}
