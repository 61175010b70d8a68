package io.datasetfs.faults;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Optional;

/** An answer on its way to the client, which a fault may meet at some byte of the body. */
final class BodyFault extends OutputStream {
  private final FaultProxy proxy;
  private final Socket client;
  private final OutputStream to;
  private final String kind;
  private final Optional<Rule.Hit> hit;
  // the byte of the body at which it happens, if any does
  private final long place;
  private final long length;
  private long position;

  /**
   * @param length bytes of the body; 0 if there is none, or if they come in chunks
   */
  BodyFault(
      FaultProxy proxy,
      Socket client,
      OutputStream to,
      String kind,
      Optional<Rule.Hit> hit,
      long length) {
    this.proxy = proxy;
    this.client = client;
    this.to = to;
    this.kind = kind;
    this.hit = hit;
    this.place = hit.map(h -> (long) (h.place() * length)).orElse(Long.MAX_VALUE);
    this.length = length;
  }

  /** Passes the head on; a body without known bytes has the fault before it. */
  void head(byte[] raw) throws IOException {
    if (length == 0 && hit.isPresent()) {
      happen(hit.get().fault());
    }
    to.write(raw);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    if (length == 0 || place < position || place >= position + count) {
      forward(bytes, offset, count);
      return;
    }
    int before = (int) (place - position);
    Fault fault = hit.orElseThrow().fault();
    if (fault instanceof Fault.Flip) {
      bytes[offset + before] ^= (byte) (1 << (int) (place % 8));
      forward(bytes, offset, count);
      return;
    }
    forward(bytes, offset, before);
    happen(fault);
    forward(bytes, offset + before, count - before);
  }

  private void happen(Fault fault) throws IOException {
    if (fault instanceof Fault.Reset) {
      FaultProxy.reset(client);
      throw new EOFException("injected reset");
    }
    if (fault instanceof Fault.Truncate) {
      throw new EOFException("injected early end");
    }
    if (fault instanceof Fault.StallWithin stall) {
      waitFor(() -> proxy.stall(stall.time()));
    }
  }

  private void forward(byte[] bytes, int offset, int count) throws IOException {
    if (count > 0) {
      waitFor(() -> proxy.pass(count));
      to.write(bytes, offset, count);
      proxy.traffic().received(kind, count);
      position += count;
    }
  }

  private interface Waiting {
    void run() throws InterruptedException;
  }

  private static void waitFor(Waiting waiting) throws IOException {
    try {
      waiting.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
