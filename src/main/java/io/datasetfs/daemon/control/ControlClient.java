package io.datasetfs.daemon.control;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Asks a daemon. */
public final class ControlClient {
  private static final System.Logger LOG = System.getLogger(ControlClient.class.getName());

  /** How long a daemon that has too many requests is asked again. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final long PAUSE_MILLIS = 50;

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
   * Asks, and waits for the answer. A daemon that has too many requests is asked again for a while.
   *
   * @param request its fields
   * @param notes hears what the daemon tells on the way
   * @return the answer's fields; nothing when there is no daemon any longer
   * @throws FsException the daemon's failure; IO when it ended before it answered; INTERRUPTED when
   *     the thread was interrupted, which the daemon learns
   */
  public Optional<Map<String, String>> ask(Map<String, String> request, ControlService.Note notes)
      throws FsException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      Optional<Map<String, String>> answer = askOnce(request, notes);
      if (answer.isEmpty() || ControlAnswer.DONE.equals(answer.get().get(ControlAnswer.SAY))) {
        return answer;
      }
      if (!ControlAnswer.isCrowded(answer.get()) || System.nanoTime() - deadline > 0) {
        throw ControlAnswer.failure(answer.get());
      }
      pause();
    }
  }

  private static void pause() throws FsException {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(e);
    }
  }

  /** The last that the daemon answers: that it is done or has failed. */
  private Optional<Map<String, String>> askOnce(
      Map<String, String> request, ControlService.Note notes) throws FsException {
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
      say(channel, request);
      return Optional.of(await(channel, notes));
    } catch (ClosedByInterruptException e) {
      throw interrupted(e);
    } catch (IOException e) {
      throw FsException.from(daemon, e);
    }
  }

  /** A daemon that refuses may do so without listening, and has gone when this writes. */
  private static void say(LineChannel channel, Map<String, String> request) throws IOException {
    try {
      channel.write(request);
    } catch (FsException | ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a daemon does not listen: {0}", e.getMessage());
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
        case ControlAnswer.DONE, ControlAnswer.FAILED -> {
          return answer;
        }
        default ->
            throw new FsException(
                FailureKind.CORRUPT, daemon + " says what this release does not understand");
      }
    }
  }

  private static FsException interrupted(Exception cause) {
    return new FsException(FailureKind.INTERRUPTED, "Interrupted", cause);
  }
}
