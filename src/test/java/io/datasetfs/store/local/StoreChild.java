package io.datasetfs.store.local;

import static io.datasetfs.store.Contents.pieces;
import static io.datasetfs.store.Contents.text;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.datasetfs.model.Digest;
import io.datasetfs.model.FsException;
import io.datasetfs.store.Contents;
import io.datasetfs.store.ObjectStore;
import io.datasetfs.store.Racers;
import io.datasetfs.store.StoredObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What tests run in processes of their own: {@code main TASK ROOT ARGUMENT...}. */
final class StoreChild {
  static final String COUNTERS = "counters/";
  static final String HEAD = "head";

  private StoreChild() {}

  /** Starts a process; its errors go where those of this one go. */
  static Process start(String task, Path root, Object... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                StoreChild.class.getName(),
                task,
                root.toString()));
    Arrays.stream(arguments).map(String::valueOf).forEach(command::add);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** What a process prints. */
  static BufferedReader output(Process child) {
    return new BufferedReader(new InputStreamReader(child.getInputStream(), UTF_8));
  }

  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[1]);
    PrintStream out = new PrintStream(System.out, true, UTF_8);
    try (LocalObjectStore store = LocalObjectStore.open(root)) {
      switch (arguments[0]) {
        case "open" -> out.println("opened");
        case "count" -> count(store, Integer.parseInt(arguments[2]));
        case "take" -> take(store, out, arguments[2], Integer.parseInt(arguments[3]));
        case "write" -> write(store, out, Integer.parseInt(arguments[2]));
        case "hold" -> hold(root, out);
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    }
  }

  /** Four threads increment two counters in opposite order, so that waits for locks cross. */
  private static void count(ObjectStore store, int times) throws Exception {
    Racers.race(
        4,
        number -> {
          for (int i = 0; i < 2 * times; i++) {
            increment(store, COUNTERS + (number + i) % 2);
          }
          return null;
        });
  }

  private static void increment(ObjectStore store, String key) throws FsException {
    while (true) {
      StoredObject seen = store.find(key).orElseThrow();
      String next = Integer.toString(Integer.parseInt(text(seen)) + 1);
      if (store.replaceIfMatch(key, seen.entityTag(), pieces(next)).isPresent()) {
        return;
      }
    }
  }

  /** Tries to take keys in turn, and prints those that it got. */
  private static void take(ObjectStore store, PrintStream out, String name, int count)
      throws FsException {
    for (int i = 0; i < count; i++) {
      String key = "taken/" + i % 10 + "/" + i;
      if (store.putIfAbsent(key, pieces(name)).isPresent()) {
        out.println(key);
      }
    }
  }

  /** Writes, replaces and deletes until it is killed, and prints what is certain. */
  private static void write(ObjectStore store, PrintStream out, int seed) throws FsException {
    Random random = new Random(seed);
    String tag = store.stat(HEAD).orElseThrow().entityTag();
    for (int i = 0; ; i++) {
      String key = "objects/" + seed + "/" + i % 3 + "/" + i;
      store.putIfAbsent(key, pieces(checkable(random.nextLong(), random.nextInt(2_000_000))));
      out.println("put " + key);
      tag = store.replaceIfMatch(HEAD, tag, pieces(head(i))).orElseThrow();
      out.println("head " + i);
      if (random.nextInt(3) == 0) {
        out.println("deleting " + key);
        store.delete(key);
      }
    }
  }

  /** Holds a temporary file as a write does before it publishes. */
  private static void hold(Path root, PrintStream out) throws IOException {
    try (TemporaryFiles files = new TemporaryFiles(root, root.resolve("tmp"))) {
      out.println(files.write(pieces("on its way")).path());
      if (System.in.read() < 0) {
        out.println("told to end");
      }
    }
  }

  /** The head's content at the end of a round of {@link #write}. */
  static byte[] head(int round) {
    return checkable(round, 50_000);
  }

  /** Bytes that begin with the digest of the others. */
  static byte[] checkable(long seed, int length) {
    byte[] content = Contents.random(seed, Digest.LENGTH + length);
    Digest.compute(content, Digest.LENGTH, length).put(content, 0);
    return content;
  }

  /** Whether these are bytes of {@link #checkable}, all of them. */
  static boolean isWhole(byte[] content) {
    return content.length >= Digest.LENGTH
        && Digest.at(content, 0)
            .equals(Digest.compute(content, Digest.LENGTH, content.length - Digest.LENGTH));
  }
}
