package io.datasetfs.daemon.control;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Asks a daemon. */
public final class ControlClient {
  private final Path socket;
  private final String daemon;

  /**
   * @param socket where the daemon listens
   * @param daemon who it is, for messages
   */
  public ControlClient(Path socket, String daemon) {
    this.socket = socket;
    this.daemon = daemon;
  }

  /**
   * Asks, and waits for the answer.
   *
   * @param request its fields
   * @param notes hears what the daemon tells on the way
   * @return the answer's fields; nothing when there is no daemon any longer
   * @throws FsException the daemon's failure; IO when it ended before it answered; INTERRUPTED when
   *     the thread was interrupted, which the daemon learns
   */
  public Optional<Map<String, String>> ask(Map<String, String> request, ControlService.Note notes)
      throws FsException {
    SocketChannel connected;
    try {
      connected = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    } catch (ClosedByInterruptException e) {
      throw interrupted(e);
    } catch (IOException e) {
      // A dead daemon's socket refuses, or has been removed.
      return Optional.empty();
    }
    try (LineChannel channel = new LineChannel(connected, daemon)) {
      channel.write(request);
      return Optional.of(await(channel, notes));
    } catch (ClosedByInterruptException e) {
      throw interrupted(e);
    } catch (IOException e) {
      throw FsException.from(daemon, e);
    }
  }

  private Map<String, String> await(LineChannel channel, ControlService.Note notes)
      throws IOException {
    while (true) {
      Map<String, String> answer =
          channel
              .read()
              .orElseThrow(
                  () ->
                      new FsException(
                          FailureKind.IO, daemon + " ended before it answered (try again)"));
      switch (answer.getOrDefault(ControlAnswer.SAY, "")) {
        case ControlAnswer.NOTE -> notes.tell(answer);
        case ControlAnswer.DONE -> {
          return answer;
        }
        case ControlAnswer.FAILED -> throw ControlAnswer.failure(answer);
        default ->
            throw new FsException(
                FailureKind.CORRUPT, daemon + " says what this release does not understand");
      }
    }
  }

  private static FsException interrupted(IOException cause) {
    return new FsException(FailureKind.INTERRUPTED, "Interrupted", cause);
  }
}
