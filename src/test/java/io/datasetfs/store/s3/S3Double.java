package io.datasetfs.store.s3;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An S3 server in this JVM with one bucket, in memory: as much of the protocol as stores speak. It
 * can be told to be wrong in the ways that servers are.
 */
public final class S3Double implements AutoCloseable {
  /** How conditional writes are decided. */
  public enum Conditions {
    /** Check and write are one step. */
    ATOMIC,
    /** Others may come between check and write. */
    RACY,
    /** They are not looked at. */
    IGNORED
  }

  /** Answers a request in the place of the server. */
  @FunctionalInterface
  interface Interception {
    /** Whether it has answered. */
    boolean answer(HttpExchange exchange) throws IOException;
  }

  /** Its only bucket. */
  public static final String BUCKET = "the-bucket";

  /** The only keys that it knows. */
  public static final S3Keys KEYS = new S3Keys("double", "secret-of-the-double");

  private static final int PAGE = 100;

  static {
    // otherwise an answer without a body waits 40 ms for the client's acknowledgement
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private record Stored(byte[] content, String entityTag, Map<String, String> metadata) {}

  private final ConcurrentSkipListMap<String, Stored> objects = new ConcurrentSkipListMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final Conditions conditions;
  private volatile boolean ranges = true;
  private volatile Interception interception = exchange -> false;

  /** Starts a server. */
  public S3Double(Conditions conditions) throws IOException {
    this.conditions = conditions;
    this.server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Its address. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** The settings of a store in it. */
  S3Settings settings() {
    return new S3Settings(
        Optional.of(endpoint()), BUCKET, "", Optional.of("us-east-1"), true, true);
  }

  /** Puts something before the server. */
  void intercept(Interception next) {
    interception = next;
  }

  /** From now on answers with whole objects whatever range is asked for. */
  void ignoreRanges() {
    ranges = false;
  }

  /** The keys of its objects. */
  public Set<String> keys() {
    return new TreeSet<>(objects.keySet());
  }

  void clear() {
    objects.clear();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!interception.answer(exchange)) {
        serve(exchange);
      }
    }
  }

  private void serve(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    String path = exchange.getRequestURI().getPath();
    if (authorization == null || !authorization.contains("Credential=" + KEYS.accessKey() + "/")) {
      error(exchange, 403, "InvalidAccessKeyId");
    } else if (!path.equals("/" + BUCKET) && !path.startsWith("/" + BUCKET + "/")) {
      error(exchange, 404, "NoSuchBucket");
    } else if (path.length() <= BUCKET.length() + 2) {
      bucket(exchange);
    } else {
      object(exchange, path.substring(BUCKET.length() + 2), body);
    }
  }

  private void bucket(HttpExchange exchange) throws IOException {
    if (exchange.getRequestMethod().equals("GET")) {
      list(exchange);
    } else {
      answer(exchange, 200, new byte[0]);
    }
  }

  private void object(HttpExchange exchange, String key, byte[] body) throws IOException {
    switch (exchange.getRequestMethod()) {
      case "PUT" -> put(exchange, key, body);
      case "DELETE" -> {
        objects.remove(key);
        answer(exchange, 204, new byte[0]);
      }
      default -> get(exchange, key);
    }
  }

  private void get(HttpExchange exchange, String key) throws IOException {
    Stored stored = objects.get(key);
    if (stored == null) {
      error(exchange, 404, "NoSuchKey");
      return;
    }
    Headers headers = exchange.getResponseHeaders();
    headers.set("ETag", '"' + stored.entityTag() + '"');
    stored.metadata().forEach((name, value) -> headers.set(name, value));
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (range == null || !ranges) {
      answer(exchange, 200, stored.content());
      return;
    }
    String[] bounds = range.substring("bytes=".length()).split("-", 2);
    long size = stored.content().length;
    long first = Long.parseLong(bounds[0]);
    long last = Math.min(Long.parseLong(bounds[1]), size - 1);
    if (first >= size) {
      error(exchange, 416, "InvalidRange");
      return;
    }
    headers.set("Content-Range", "bytes %d-%d/%d".formatted(first, last, size));
    answer(exchange, 206, Arrays.copyOfRange(stored.content(), (int) first, (int) last + 1));
  }

  private void put(HttpExchange exchange, String key, byte[] body) throws IOException {
    Stored next = store(exchange, key, body);
    if (next == null) {
      error(exchange, 412, "PreconditionFailed");
    } else {
      exchange.getResponseHeaders().set("ETag", '"' + next.entityTag() + '"');
      answer(exchange, 200, new byte[0]);
    }
  }

  /** Does what a PUT asks for, and answers nothing. */
  void store(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    store(exchange, exchange.getRequestURI().getPath().substring(BUCKET.length() + 2), body);
  }

  private Stored store(HttpExchange exchange, String key, byte[] body) {
    Map<String, String> metadata = new HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (name.toLowerCase(Locale.ROOT).startsWith("x-amz-meta-")) {
                metadata.put(name, values.get(0));
              }
            });
    Stored next = new Stored(body, digest(body), metadata);
    boolean written;
    if (conditions == Conditions.ATOMIC) {
      synchronized (objects) {
        written = putIf(exchange.getRequestHeaders(), key, next);
      }
    } else {
      written = putIf(exchange.getRequestHeaders(), key, next);
    }
    return written ? next : null;
  }

  private boolean putIf(Headers headers, String key, Stored next) {
    Stored before = objects.get(key);
    String expected = headers.getFirst("If-Match");
    boolean holds =
        expected == null
            ? headers.getFirst("If-None-Match") == null || before == null
            : before != null && expected.equals('"' + before.entityTag() + '"');
    if (conditions == Conditions.RACY) {
      pause();
    }
    if (holds || conditions == Conditions.IGNORED) {
      objects.put(key, next);
    }
    return holds || conditions == Conditions.IGNORED;
  }

  private static void pause() {
    try {
      Thread.sleep(2);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void list(HttpExchange exchange) throws IOException {
    Map<String, String> query = new HashMap<>();
    for (String pair : exchange.getRequestURI().getRawQuery().split("&", -1)) {
      String[] sides = pair.split("=", 2);
      query.put(
          sides[0], sides.length == 1 ? "" : URLDecoder.decode(sides[1], StandardCharsets.UTF_8));
    }
    String prefix = query.getOrDefault("prefix", "");
    String delimiter = query.getOrDefault("delimiter", "");
    String after = query.getOrDefault("continuation-token", "");
    StringBuilder page = new StringBuilder();
    String last = after;
    int count = 0;
    boolean more = false;
    for (Map.Entry<String, Stored> entry : objects.tailMap(prefix).entrySet()) {
      String key = entry.getKey();
      if (!key.startsWith(prefix)) {
        break;
      }
      int slash = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
      String name = slash < 0 ? key : key.substring(0, slash + 1);
      if (name.compareTo(after) <= 0 || name.equals(last)) {
        continue;
      }
      if (count == PAGE) {
        more = true;
        break;
      }
      count++;
      last = name;
      page.append(
          slash < 0
              ? "<Contents><Key>%s</Key><Size>%d</Size><ETag>&quot;%s&quot;</ETag></Contents>"
                  .formatted(key, entry.getValue().content().length, entry.getValue().entityTag())
              : "<CommonPrefixes><Prefix>%s</Prefix></CommonPrefixes>".formatted(name));
    }
    String token = more ? "<NextContinuationToken>%s</NextContinuationToken>".formatted(last) : "";
    xml(
        exchange,
        200,
        "<ListBucketResult><IsTruncated>%s</IsTruncated>%s%s</ListBucketResult>"
            .formatted(more, token, page));
  }

  /** Answers with an error of S3's. */
  static void error(HttpExchange exchange, int status, String code) throws IOException {
    xml(
        exchange,
        status,
        "<Error><Code>%s</Code><Message>so it is</Message></Error>".formatted(code));
  }

  private static void xml(HttpExchange exchange, int status, String text) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/xml");
    answer(
        exchange,
        status,
        ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + text).getBytes(StandardCharsets.UTF_8));
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private static String digest(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
