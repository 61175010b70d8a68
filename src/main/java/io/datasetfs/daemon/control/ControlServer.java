package io.datasetfs.daemon.control;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Listens at a daemon's control socket. A connection carries one request and its answers. While a
 * request is at work its connection is watched: when who asked goes away, the work is interrupted.
 */
public final class ControlServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ControlServer.class.getName());

  private static final int MAX_CONNECTIONS = 16;
  private static final Duration REQUEST_PATIENCE = Duration.ofSeconds(10);
  private static final Duration END_PATIENCE = Duration.ofSeconds(30);
  private static final int IDLE_SECONDS = 10;

  private final ControlService service;
  private final ServerSocketChannel channel;
  private final Path directory;
  private final Path path;
  private final Set<LineChannel> connections = ConcurrentHashMap.newKeySet();
  private final AtomicInteger count = new AtomicInteger();

  /** Two threads a connection: one does the work, one listens whether it is still wanted. */
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          0,
          2 * MAX_CONNECTIONS,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          ControlServer::thread);

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
        LineChannel connection = new LineChannel(channel.accept(), "The command");
        if (count.incrementAndGet() > MAX_CONNECTIONS) {
          refuse(connection);
        } else {
          connections.add(connection);
          threads.execute(() -> serve(connection));
        }
      } catch (ClosedChannelException | RejectedExecutionException e) {
        return; // closed
      } catch (IOException e) {
        // Out of descriptors, say: the next may fare better, but not at once.
        LOG.log(Level.WARNING, "cannot take a command''s connection: {0}", e.getMessage());
        pause();
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
    count.decrementAndGet();
    try (connection) {
      connection.write(
          ControlAnswer.of(
              new FsException(
                  FailureKind.BUSY, "The daemon has too many requests at once (try again)")));
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "who was refused had gone: {0}", e.getMessage());
    }
  }

  private void serve(LineChannel connection) {
    try (connection) {
      Optional<Map<String, String>> request = request(connection);
      if (request.isPresent()) {
        Future<?> work = threads.submit(() -> work(connection, request.get()));
        try {
          // Nothing more is to come: this returns when either side is done.
          while (connection.read().isPresent()) {
            LOG.log(Level.DEBUG, "a command said more than its request");
          }
        } finally {
          work.cancel(true);
        }
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a command has gone: {0}", e.getMessage());
    } finally {
      connections.remove(connection);
      count.decrementAndGet();
    }
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
      answer(connection, ControlAnswer.of(ControlAnswer.DONE, answer));
    } catch (FsException e) {
      answer(connection, ControlAnswer.of(e));
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
    patience.shutdownNow();
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(END_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.log(Level.WARNING, "a command''s request does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    connections.forEach(ControlServer::close);
  }
}
