package io.datasetfs.daemon.control;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Listens at a daemon's control socket. A connection carries one request and its answers. While a
 * request is at work its connection is watched: when who asked goes away, the work is interrupted.
 * Two threads of its own serve a connection, one of which does the work.
 */
public final class ControlServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ControlServer.class.getName());

  private static final int MAX_CONNECTIONS = 16;
  private static final Duration REQUEST_PATIENCE = Duration.ofSeconds(10);
  private static final Duration END_PATIENCE = Duration.ofSeconds(30);

  private final ControlService service;
  private final ServerSocketChannel channel;
  private final Path directory;
  private final Path path;

  /** With the thread that listens whether the work is still wanted, until the work has ended. */
  private final Map<LineChannel, Thread> connections = new ConcurrentHashMap<>();

  private final ScheduledExecutorService patience =
      Executors.newSingleThreadScheduledExecutor(ControlServer::thread);

  private final Thread accepting = thread(this::accept);

  private ControlServer(
      ControlService service, ServerSocketChannel channel, Path directory, Path path) {
    this.service = service;
    this.directory = directory;
    this.channel = channel;
    this.path = path;
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "dsfs-control");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Begins to listen.
   *
   * @param directory where the sockets of all daemons of this user are
   * @param mountpoint what this daemon serves
   * @param service does what is asked
   * @throws FsException when there can be no socket
   */
  public static ControlServer listen(Path directory, Path mountpoint, ControlService service)
      throws FsException {
    ServerSocketChannel channel = ControlSocket.listen(directory, mountpoint);
    ControlServer server =
        new ControlServer(service, channel, directory, ControlSocket.pathOf(channel));
    server.accepting.start();
    return server;
  }

  /** The socket. */
  public Path path() {
    return path;
  }

  private void accept() {
    while (channel.isOpen()) {
      try {
        take(new LineChannel(channel.accept(), "The command"));
      } catch (IOException | RuntimeException | OutOfMemoryError e) {
        if (channel.isOpen()) {
          // Out of descriptors or threads, say: the next may fare better, but not at once.
          LOG.log(Level.WARNING, "cannot take a command''s connection: {0}", e.getMessage());
          pause();
        }
      }
    }
  }

  private void take(LineChannel connection) {
    if (connections.size() >= MAX_CONNECTIONS) {
      refuse(connection);
      return;
    }
    Thread serving = thread(() -> serve(connection));
    connections.put(connection, serving);
    boolean started = false;
    try {
      serving.start();
      started = true;
    } finally {
      if (!started) {
        connections.remove(connection);
        close(connection);
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.SECONDS.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void refuse(LineChannel connection) {
    try (connection) {
      connection.write(ControlAnswer.crowded());
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "who was refused had gone: {0}", e.getMessage());
    }
  }

  private void serve(LineChannel connection) {
    try (connection) {
      Optional<Map<String, String>> request = request(connection);
      if (request.isPresent()) {
        Thread work = thread(() -> work(connection, request.get()));
        work.start();
        try {
          // Nothing more is to come: this returns when either side is done.
          while (connection.read().isPresent()) {
            LOG.log(Level.DEBUG, "a command said more than its request");
          }
        } finally {
          work.interrupt();
          boolean unused = awaitEnd(work, Long.MAX_VALUE);
        }
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a command has gone: {0}", e.getMessage());
    } finally {
      connections.remove(connection);
    }
  }

  /** Waits for a thread's end, or for so long; an interrupt is kept for later. */
  private static boolean awaitEnd(Thread thread, long nanos) {
    long begin = System.nanoTime();
    boolean interrupted = false;
    long left = nanos;
    while (thread.isAlive() && left > 0) {
      try {
        TimeUnit.NANOSECONDS.timedJoin(thread, left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      left = nanos - (System.nanoTime() - begin);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }

  /** Waits for the request; what is none is answered at once. */
  private Optional<Map<String, String>> request(LineChannel connection) throws IOException {
    Future<?> end =
        patience.schedule(
            () -> close(connection), REQUEST_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    try {
      return connection.read();
    } catch (FsException e) {
      answer(connection, ControlAnswer.of(e));
      return Optional.empty();
    } finally {
      end.cancel(false);
    }
  }

  private void work(LineChannel connection, Map<String, String> request) {
    try {
      Map<String, String> answer =
          service.answer(
              request, fields -> answer(connection, ControlAnswer.of(ControlAnswer.NOTE, fields)));
      connection.write(ControlAnswer.of(ControlAnswer.DONE, answer));
    } catch (FsException e) {
      answer(connection, ControlAnswer.of(e));
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "who asked has gone: {0}", e.getMessage());
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "a command''s request", e);
      answer(
          connection,
          ControlAnswer.of(
              new FsException(FailureKind.IO, "The daemon failed: " + e + " (see its log)", e)));
    }
    close(connection);
  }

  private static void answer(LineChannel connection, Map<String, String> answer) {
    try {
      connection.write(answer);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "who asked has gone: {0}", e.getMessage());
    }
  }

  private static void close(LineChannel connection) {
    try {
      connection.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "closing a connection: {0}", e.getMessage());
    }
  }

  /** Takes no more requests, interrupts those at work, and waits for their end. */
  @Override
  public void close() {
    try {
      channel.close();
      ControlSocket.remove(path, directory);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "closing the control socket: {0}", e.getMessage());
    }
    accepting.interrupt();
    long deadline = System.nanoTime() + END_PATIENCE.toNanos();
    boolean ended = awaitEnd(accepting, END_PATIENCE.toNanos());
    Map<LineChannel, Thread> last = Map.copyOf(connections);
    last.keySet().forEach(ControlServer::close);
    for (Thread serving : last.values()) {
      ended &= awaitEnd(serving, deadline - System.nanoTime());
    }
    if (!ended) {
      LOG.log(Level.WARNING, "a command''s request does not end");
    }
    patience.shutdownNow();
  }
}
