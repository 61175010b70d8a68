package io.datasetfs.fuse.kernel;

import com.kenai.jffi.MemoryIO;
import io.datasetfs.fuse.Caller;
import io.datasetfs.fuse.Errno;
import io.datasetfs.fuse.Guard;
import io.datasetfs.read.fetch.OnBehalf;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.List;

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
        goOn = step(device.receive(request, Negotiation.REQUEST_SIZE));
      }
    } catch (Throwable e) {
      LOG.log(Level.ERROR, getName() + " ends", e);
    } finally {
      MEMORY.freeMemory(answer);
      MEMORY.freeMemory(request);
      session.loopEnded();
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
    Request received = new Request(request);
    if (length < Protocol.IN_HEADER || length != received.length()) {
      LOG.log(Level.ERROR, getName() + ": a request of " + length + " bytes");
      return false;
    }
    switch (received.opcode()) {
      case Protocol.FORGET -> operations.forget(received);
      case Protocol.BATCH_FORGET -> operations.forgetAll(received);
      case Protocol.INTERRUPT -> interrupt(received.longAt(Protocol.INTERRUPTED));
      default -> {
        session.busy();
        boolean goOn;
        try {
          answer(received);
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
   * is being answered looks after its caller by itself. So this is for what stands in line.
   */
  private void interrupt(long target) {
    for (Gate<Request> gate : List.of(session.reads(), session.writes(), session.changes())) {
      Request cancelled = gate.cancel(target);
      if (cancelled != null) {
        send(cancelled.opcode(), target, EINTR);
        cancelled.free();
      }
    }
  }

  private void answer(Request request) {
    if (request.opcode() == Protocol.READ) {
      answer(request, session.reads());
    } else if (operations.isWrite(request)) {
      answer(request, session.writes());
    } else if (Operations.isChange(request)) {
      answer(request, session.changes());
    } else {
      perform(request);
    }
  }

  /** Answers a request, and those that have stood in line meanwhile; or has it stand in line. */
  private void answer(Request first, Gate<Request> gate) {
    if (!gate.enter(first::copy)) {
      return;
    }
    perform(first);
    Request next = gate.leave();
    while (next != null) {
      perform(next);
      next.free();
      next = gate.leave();
    }
  }

  /** Whatever happens, a request gets an answer, or who asked would wait for ever. */
  private void perform(Request request) {
    long unique = request.unique();
    current = unique;
    caller = request.caller();
    try {
      int result;
      try {
        result = operations.perform(request, answer + Protocol.OUT_HEADER, data);
      } catch (Throwable e) {
        result =
            Guard.errno(Protocol.name(request.opcode()), () -> operations.subject(request), e)
                .answer();
      }
      send(request.opcode(), unique, result);
    } catch (Throwable e) {
      int unanswered = device.answer(answer, unique, Errno.EIO.answer());
      LOG.log(Level.ERROR, getName() + ": unexpected failure " + unanswered, e);
    } finally {
      current = 0;
    }
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
