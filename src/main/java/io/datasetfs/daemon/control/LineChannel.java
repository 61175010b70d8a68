package io.datasetfs.daemon.control;

import io.datasetfs.format.ControlLine;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Optional;

/**
 * A connection that carries lines of bounded length. One thread reads; several may write. Who is
 * interrupted while it reads finds the connection closed.
 */
final class LineChannel implements AutoCloseable {
  private static final int STEP = 4096;

  private final SocketChannel channel;
  private final String peer;
  private final ByteBuffer input = ByteBuffer.allocate(STEP).limit(0);

  /**
   * @param peer who is at the other end, for messages
   */
  LineChannel(SocketChannel channel, String peer) {
    this.channel = channel;
    this.peer = peer;
  }

  /**
   * Waits for a line.
   *
   * @return nothing at the end
   * @throws FsException CORRUPT for what is no line, or too long; NEWER_FORMAT
   */
  Optional<Map<String, String>> read() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      while (input.hasRemaining()) {
        byte next = input.get();
        if (next == '\n') {
          return Optional.of(ControlLine.decode(line.toByteArray(), peer));
        }
        if (line.size() == ControlLine.MAX_BYTES) {
          throw new FsException(FailureKind.CORRUPT, peer + " sends a line without end");
        }
        line.write(next);
      }
      input.clear();
      int count = channel.read(input);
      input.flip();
      if (count < 0) {
        return Optional.empty();
      }
    }
  }

  /**
   * Sends a line.
   *
   * @throws FsException TOO_LARGE when it is too long, and nothing was sent
   */
  synchronized void write(Map<String, String> message) throws IOException {
    byte[] line = ControlLine.encode(message);
    if (line.length > ControlLine.MAX_BYTES) {
      throw new FsException(
          FailureKind.TOO_LARGE,
          "%s cannot be told %d bytes at once (at most %d)"
              .formatted(peer, line.length, ControlLine.MAX_BYTES));
    }
    ByteBuffer bytes = ByteBuffer.wrap(line);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
