package io.datasetfs.store.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real S3 server: Ceph's gateway over a monitor and a store of its own, started once for all test
 * classes of this JVM and stopped at its end, whatever becomes of the tests. With {@code
 * DSFS_TEST_S3=http://host:port} in the environment, the one that runs there is used instead.
 *
 * @param endpoint its address
 */
public record CephGateway(URI endpoint) {
  private static final String RUNNING = "DSFS_TEST_S3";
  private static final Path SCRIPT = Path.of("src/test/sh/ceph-gateway");
  private static final S3Keys KEYS = new S3Keys("testkey", "testsecret");
  private static CephGateway shared;

  /** The gateway, started when it is first asked for. Fails when Ceph is not installed. */
  public static synchronized CephGateway shared() {
    if (shared == null) {
      String running = System.getenv(RUNNING);
      shared = new CephGateway(URI.create(running != null ? running : start()));
    }
    return shared;
  }

  /** A new bucket in it. */
  public Bucket newBucket() {
    return Bucket.create(endpoint, KEYS);
  }

  /** The key pair of its user. */
  public S3Keys keys() {
    return KEYS;
  }

  private static String start() {
    try {
      Path directory = Files.createTempDirectory("dsfs-ceph-");
      Path log = directory.resolve("start.log");
      int port = freePorts(3);
      Process start = run(log, "start", directory.toString(), Integer.toString(port));
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(start, directory), "stop-ceph"));
      if (!ends(start)) {
        throw new AssertionError("No Ceph gateway: " + Files.readString(log).strip());
      }
      return "http://127.0.0.1:" + port;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void stop(Process start, Path directory) {
    start.destroy();
    ends(start);
    try {
      ends(run(directory.resolve("stop.log"), "stop", directory.toString()));
      ends(run(Path.of("/dev/null"), "remove", directory.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Process run(Path log, String... arguments) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(SCRIPT.toString());
    builder.command().addAll(List.of(arguments));
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /** Whether a process ends well, in time. */
  private static boolean ends(Process process) {
    try {
      return process.waitFor(3, TimeUnit.MINUTES) && process.exitValue() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The first of some consecutive ports that nobody listens on. */
  private static int freePorts(int count) throws IOException {
    while (true) {
      int first;
      try (ServerSocket any = new ServerSocket(0)) {
        first = any.getLocalPort();
      }
      if (first + count < 65536 && areFree(first, count)) {
        return first;
      }
    }
  }

  private static boolean areFree(int first, int count) {
    for (int port = first; port < first + count; port++) {
      try (ServerSocket one = new ServerSocket(port)) {
        if (!one.isBound()) {
          return false;
        }
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }
}
