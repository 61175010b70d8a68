package io.datasetfs.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands between S3 clients and a server on loopback, and makes exchanges go wrong by rules that
 * can change at any time. What no rule names passes unchanged, so that signatures stay valid as
 * long as the server doesn't care what host it is called by.
 */
public final class FaultProxy implements AutoCloseable {
  private static final int BACKLOG = 1024;

  private final InetSocketAddress upstream;
  private final int port;
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Throttle throttle = new Throttle();
  private final Traffic traffic = new Traffic();
  private final Object stalled = new Object();
  // guarded by stalled
  private long healings;
  private volatile Duration latency = Duration.ZERO;
  // guarded by this
  private ServerSocket listener;

  private FaultProxy(InetSocketAddress upstream, int port) throws IOException {
    this.upstream = upstream;
    this.listener = listenOn(port);
    this.port = listener.getLocalPort();
    accept(listener);
  }

  /**
   * A proxy on a free port.
   *
   * @param server where the real one is; only host and port of it count
   */
  public static FaultProxy before(URI server) throws IOException {
    return before(server, 0);
  }

  /** A proxy on the port. */
  public static FaultProxy before(URI server, int port) throws IOException {
    return new FaultProxy(new InetSocketAddress(server.getHost(), server.getPort()), port);
  }

  /** What clients take for the server. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Adds a rule; earlier ones come first. */
  public Rule inject(Rule rule) {
    rules.add(rule);
    return rule;
  }

  /** Takes all rules away, lets stalled exchanges go on, and listens if it didn't. */
  public void heal() throws IOException {
    rules.clear();
    synchronized (stalled) {
      healings++;
      stalled.notifyAll();
    }
    listen();
  }

  /** Every request waits so long before the server has it, any number of them at once. */
  public void latency(Duration time) {
    latency = time;
  }

  /**
   * All bodies together pass no faster than this.
   *
   * @param bytesPerSecond 0 for no limit
   */
  public void bandwidth(long bytesPerSecond) {
    throttle.limit(bytesPerSecond);
  }

  /** Like a server that was killed: open connections are reset, new ones refused. */
  public synchronized void refuse() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      reset(socket);
    }
  }

  /** The end of {@link #refuse}. */
  public synchronized void listen() throws IOException {
    if (listener.isClosed()) {
      listener = listenOn(port);
      accept(listener);
    }
  }

  /** What went through. */
  public Traffic traffic() {
    return traffic;
  }

  /** Ends everything that goes through it. */
  @Override
  public void close() throws IOException {
    refuse();
    rules.clear();
    synchronized (stalled) {
      healings++;
      stalled.notifyAll();
    }
  }

  Optional<Rule.Hit> meet(S3Request request) {
    return rules.stream().map(rule -> rule.meet(request)).flatMap(Optional::stream).findFirst();
  }

  void pause() throws InterruptedException {
    Thread.sleep(latency.toMillis());
  }

  void pass(int bytes) throws InterruptedException {
    throttle.pass(bytes);
  }

  /** Waits for the time, or until everything is healed. */
  void stall(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    synchronized (stalled) {
      long before = healings;
      long left = time.toMillis();
      while (left > 0 && healings == before) {
        stalled.wait(left);
        left = (end - System.nanoTime()) / 1_000_000;
      }
    }
  }

  Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.connect(upstream);
    socket.setTcpNoDelay(true);
    return socket;
  }

  static void reset(Socket socket) throws IOException {
    try {
      // lingering for no time at all makes closing a reset
      socket.setSoLinger(true, 0);
    } catch (SocketException e) {
      // whoever serves it has closed it; asking before would leave time for that in between
    }
    socket.close();
  }

  private static ServerSocket listenOn(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    return socket;
  }

  private void accept(ServerSocket from) {
    start("proxy-accept", () -> acceptAll(from));
  }

  private void acceptAll(ServerSocket from) {
    while (!from.isClosed()) {
      try {
        Socket client = from.accept();
        client.setTcpNoDelay(true);
        if (take(client, from)) {
          start("proxy-connection", () -> serve(client));
        }
      } catch (IOException e) {
        // closed, which the loop's condition sees, or a client that left at once
      }
    }
  }

  /** A connection that was made just before the listener was closed is reset like the others. */
  private synchronized boolean take(Socket client, ServerSocket from) throws IOException {
    if (from.isClosed()) {
      reset(client);
      return false;
    }
    return sockets.add(client);
  }

  private void serve(Socket client) {
    try (client;
        Conversation conversation = new Conversation(this, client)) {
      conversation.run();
    } catch (IOException e) {
      // one of the two ended the connection; the other's is ended with it
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.remove(client);
    }
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }
}
