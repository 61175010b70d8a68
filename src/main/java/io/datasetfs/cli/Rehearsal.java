package io.datasetfs.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.datasetfs.store.ObjectStore;
import io.datasetfs.store.s3.S3Credentials;
import io.datasetfs.store.s3.S3Keys;
import io.datasetfs.store.s3.S3Limits;
import io.datasetfs.store.s3.S3ObjectStore;
import io.datasetfs.store.s3.S3Settings;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;

/**
 * Loads what commands and mounts load, so that it can be archived and every later start finds it
 * ready: a command is run, a store that answers from within this process is read and written, and
 * the program's own classes are looked at. The AWS SDK alone has a thousand classes that every
 * mount of a bucket needs.
 */
public final class Rehearsal {
  private static final byte[] OBJECT = "object".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LISTING =
      ("<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult>"
              + "<IsTruncated>false</IsTruncated><Contents><Key>key</Key><Size>6</Size>"
              + "<ETag>\"tag\"</ETag></Contents></ListBucketResult>")
          .getBytes(StandardCharsets.US_ASCII);

  private Rehearsal() {}

  /**
   * Rehearses, and ends the process: with status 0 unless something that every start needs fails.
   *
   * @param arguments the command to run
   */
  public static void main(String[] arguments) throws Exception {
    loadOwn();
    try {
      useStore();
    } catch (IOException | RuntimeException e) {
      // what is set up for other uses of the SDK here may keep it from working; the rest is worth
      // it
      System.getLogger(Rehearsal.class.getName()).log(Level.DEBUG, "no store to rehearse with", e);
    }
    Main.main(arguments);
  }

  /** The classes of the jar that this one is in. */
  private static void loadOwn() throws Exception {
    Path jar = Path.of(Rehearsal.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (JarFile file = new JarFile(jar.toFile())) {
      List<String> names =
          file.stream()
              .map(entry -> entry.getName())
              .filter(name -> name.startsWith("io/datasetfs/") && name.endsWith(".class"))
              .filter(name -> !name.endsWith("-info.class"))
              .toList();
      for (String name : names) {
        String type = name.substring(0, name.length() - ".class".length()).replace('/', '.');
        Class<?> unused = Class.forName(type, false, Rehearsal.class.getClassLoader());
      }
    }
  }

  private static void useStore() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", Rehearsal::answer);
    server.start();
    try (ObjectStore store = open(server.getAddress().getPort())) {
      store.putIfAbsent("key", List.of(ByteBuffer.wrap(OBJECT)));
      store.replaceIfMatch("key", "tag", List.of(ByteBuffer.wrap(OBJECT)));
      store.getParts("key", 0, List.of(2, 4), part -> {});
      store.find("key");
      store.stat("key");
      store.list("", object -> {});
      store.listSegments("");
      store.delete("key");
    } finally {
      server.stop(0);
    }
  }

  private static ObjectStore open(int port) throws IOException {
    S3Settings settings =
        new S3Settings(
            Optional.of(URI.create("http://127.0.0.1:" + port)),
            "bucket",
            "",
            Optional.of("us-east-1"),
            true,
            true);
    S3Credentials keys = new S3Credentials.Given(() -> new S3Keys("rehearsal", "rehearsal"));
    return S3ObjectStore.open(settings, keys, S3Limits.STANDARD, new SecureRandom());
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().add("ETag", "\"tag\"");
      switch (exchange.getRequestMethod()) {
        case "GET" -> {
          boolean lists = exchange.getRequestURI().getRawQuery() != null;
          boolean part = exchange.getRequestHeaders().containsKey("Range");
          byte[] body = lists ? LISTING : OBJECT;
          if (part) {
            exchange.getResponseHeaders().add("Content-Range", "bytes 0-5/6");
          }
          exchange.sendResponseHeaders(part ? 206 : 200, body.length);
          exchange.getResponseBody().write(body);
        }
        case "HEAD" -> {
          exchange.getResponseHeaders().add("Content-Length", "6");
          exchange.sendResponseHeaders(200, -1);
        }
        case "DELETE" -> exchange.sendResponseHeaders(204, -1);
        default -> exchange.sendResponseHeaders(200, -1);
      }
    }
  }
}
