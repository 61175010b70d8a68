package io.datasetfs.faults;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FaultProxyTest {
  private static final int LENGTH = 300_000;
  private static final int OK = 200;

  private final byte[] content = new byte[LENGTH];
  private final List<byte[]> stored = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private FaultProxy proxy;

  @BeforeEach
  void start() throws IOException {
    new Random(5).nextBytes(content);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work, "server");
              thread.setDaemon(true);
              return thread;
            }));
    server.createContext("/", this::serve);
    server.start();
    proxy = FaultProxy.before(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    server.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    byte[] sent = exchange.getRequestBody().readAllBytes();
    if (exchange.getRequestMethod().equals("PUT")) {
      stored.add(sent);
      exchange.sendResponseHeaders(OK, -1);
    } else {
      boolean chunked = exchange.getRequestURI().getPath().endsWith("chunked");
      exchange.sendResponseHeaders(OK, chunked ? 0 : LENGTH);
      exchange.getResponseBody().write(content);
    }
    exchange.close();
  }

  private HttpURLConnection open(String path) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) proxy.endpoint().resolve(path).toURL().openConnection();
    connection.setReadTimeout(1000);
    return connection;
  }

  private byte[] get(String path) throws IOException {
    return open(path).getInputStream().readAllBytes();
  }

  private int put(byte[] bytes) throws IOException {
    HttpURLConnection connection = open("/b/k");
    connection.setRequestMethod("PUT");
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(bytes.length);
    connection.getOutputStream().write(bytes);
    return connection.getResponseCode();
  }

  @Test
  void passesUnchangedAndCounts() throws Exception {
    List<CompletableFuture<byte[]>> answers =
        IntStream.range(0, 20)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          try {
                            return get(i % 2 == 0 ? "/b/key" : "/b/chunked");
                          } catch (IOException e) {
                            throw new AssertionError(e);
                          }
                        }))
            .toList();
    for (CompletableFuture<byte[]> answer : answers) {
      assertArrayEquals(content, answer.get());
    }
    assertEquals(OK, put(content));
    assertArrayEquals(content, stored.get(0));
    assertEquals(20, proxy.traffic().count("GET").requests());
    assertEquals(LENGTH, proxy.traffic().count("PUT").sent());
    assertTrue(proxy.traffic().count("GET").received() >= 20L * LENGTH);
  }

  @Test
  void answersItself() throws IOException {
    Rule rule = proxy.inject(Rule.every(Fault.SLOW_DOWN).times(2));
    assertEquals(503, open("/b/key").getResponseCode());
    assertEquals(503, put(content));
    assertEquals(OK, open("/b/key").getResponseCode());
    assertEquals(2, rule.hits());
    assertTrue(stored.isEmpty());
  }

  @Test
  void breaksBodies() throws IOException {
    // this client asks again by itself when it has seen nothing of an answer
    proxy.inject(Rule.every(new Fault.Reset()));
    assertThrows(IOException.class, () -> get("/b/key"));
    proxy.heal();
    proxy.inject(Rule.every(new Fault.Truncate()));
    // and doesn't compare what it got with what it was promised
    assertTrue(get("/b/key").length < LENGTH);
    proxy.heal();
    assertArrayEquals(content, get("/b/key"));
  }

  @Test
  void flipsOneBit() throws IOException {
    proxy.inject(Rule.every(new Fault.Flip()).times(1));
    byte[] flipped = get("/b/key");
    assertEquals(
        1, IntStream.range(0, LENGTH).map(i -> Integer.bitCount(flipped[i] ^ content[i])).sum());
    assertArrayEquals(content, get("/b/key"));
  }

  @Test
  void stallsUntilHealed() throws Exception {
    proxy.inject(Rule.every(new Fault.StallBefore(Fault.FOR_EVER)).times(1));
    proxy.inject(Rule.every(new Fault.StallWithin(Fault.FOR_EVER)).times(2));
    assertThrows(IOException.class, () -> get("/b/key"));
    assertThrows(IOException.class, () -> get("/b/key"));
    HttpURLConnection patient = open("/b/key");
    patient.setReadTimeout(0);
    CompletableFuture<byte[]> answer =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return patient.getInputStream().readAllBytes();
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    while (proxy.traffic().count("GET").requests() < 3) {
      Thread.sleep(5);
    }
    Thread.sleep(50);
    proxy.heal();
    assertArrayEquals(content, answer.get());
  }

  @Test
  void losesTheAnswerOfWhatWasDone() throws IOException {
    proxy.inject(Rule.every(new Fault.LoseAnswer()).on(r -> r.method().equals("PUT")).times(1));
    assertThrows(IOException.class, () -> put(content));
    assertArrayEquals(content, stored.get(0));
    assertEquals(OK, put(content));
  }

  @Test
  void refusesAndListensAgain() throws IOException {
    get("/b/key");
    proxy.refuse();
    assertThrows(ConnectException.class, () -> get("/b/key"));
    proxy.heal();
    assertArrayEquals(content, get("/b/key"));
  }

  @Test
  void isSlowWhenTold() throws IOException {
    proxy.latency(Duration.ofMillis(200));
    proxy.bandwidth(LENGTH);
    long from = System.nanoTime();
    assertArrayEquals(content, get("/b/key"));
    // the last buffer's time is over when it is with the client; the first one's is not
    assertTrue(System.nanoTime() - from > 900_000_000L);
  }
}
