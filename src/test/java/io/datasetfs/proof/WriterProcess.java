package io.datasetfs.proof;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A {@link Writer}, and what has to be there of what it did. */
final class WriterProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader said;
  private final BufferedWriter asked;
  private final byte[] large;

  /** The last step of each directory that was done. */
  private final Map<Path, Integer> done = new HashMap<>();

  /**
   * @param large what its large file holds
   */
  WriterProcess(byte[] large) throws IOException {
    this.large = large;
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    asked =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
  }

  /** Makes it work, until there is an error. */
  void begin(Path directory, Path largeFile) throws IOException {
    asked.write(directory + " " + largeFile + "\n");
    asked.flush();
  }

  /** Waits for the error; gives the number of steps that were done. */
  int awaitEnd(Path directory) throws IOException {
    int last = Integer.parseInt(said.readLine());
    done.put(directory, last);
    return last + 1;
  }

  /** What is removed is not looked for any more. */
  void forget(Path directory) {
    done.remove(directory);
  }

  /** Requires that what was done is there; of the step after the last there may be a part. */
  void verify(Path largeFile) throws IOException {
    for (Map.Entry<Path, Integer> entry : done.entrySet()) {
      verifyFiles(entry.getKey(), entry.getValue());
    }
    verifyLarge(largeFile);
  }

  private static void verifyFiles(Path directory, int last) throws IOException {
    int next = last + 1;
    Map<String, Integer> expected = new HashMap<>();
    for (int i = 0; i <= last; i++) {
      switch (i % Writer.KINDS) {
        case 0, 1 -> expected.put("f" + i, i);
        case 4 -> expected.put("g" + (i - 4), expected.remove("f" + (i - 4)));
        case 5 -> {
          expected.remove("f" + (i - 4));
          expected.put("l" + i, i - 5);
        }
        default -> {}
      }
    }
    Set<String> there = names(directory);
    String at = directory + " after step " + last + ": ";
    // What the next step makes, in part; and what it takes away.
    Set<String> doubtful =
        Set.of("f" + next, "g" + (next - 4), "l" + next, "f" + (next - 4), "new", "current", "log");
    for (String name : there) {
      assertTrue(expected.containsKey(name) || doubtful.contains(name), at + "too much: " + name);
    }
    for (Map.Entry<String, Integer> file : expected.entrySet()) {
      if (!there.contains(file.getKey())) {
        boolean taken = next % Writer.KINDS >= 4 && file.getKey().equals("f" + (next - 4));
        assertTrue(taken, at + "missing: " + file.getKey());
        continue;
      }
      assertArrayEquals(
          Writer.content(directory, file.getValue()),
          Files.readAllBytes(directory.resolve(file.getKey())),
          at + file.getKey());
    }
    verifyReplaced(directory, last, at);
    verifyLog(directory, last, at);
  }

  private static void verifyReplaced(Path directory, int last, String at) throws IOException {
    int replaced = Math.floorDiv(last - 2, Writer.KINDS) * Writer.KINDS + 2;
    Path current = directory.resolve("current");
    if (last < 2 && !Files.exists(current)) {
      return;
    }
    byte[] actual = Files.readAllBytes(current);
    if (last >= 2 && Arrays.equals(Writer.content(directory, replaced), actual)) {
      return;
    }
    assertEquals(2, (last + 1) % Writer.KINDS, at + "current is of another step");
    assertArrayEquals(Writer.content(directory, last + 1), actual, at + "current");
  }

  private static void verifyLog(Path directory, int last, String at) throws IOException {
    Path log = directory.resolve("log");
    if (last < 0 && !Files.exists(log)) {
      return;
    }
    int records = last < 3 ? 0 : (last - 3) / Writer.KINDS + 1;
    byte[] actual = Files.readAllBytes(log);
    int length = actual.length;
    assertTrue(
        length == records * Writer.RECORD
            || ((last + 1) % Writer.KINDS == 3 && length <= (records + 1) * Writer.RECORD),
        at + "log of " + length + " bytes, not " + records + " records");
    for (int r = 0; r < records; r++) {
      assertArrayEquals(
          Writer.record(directory, r * Writer.KINDS + 3),
          Arrays.copyOfRange(actual, r * Writer.RECORD, (r + 1) * Writer.RECORD),
          at + "record " + r);
    }
  }

  /** Takes what a directory's steps wrote to the large file as written. */
  void remember(Path directory, Path largeFile) throws IOException {
    int last = done.get(directory);
    for (int i = 3; i <= last; i += Writer.KINDS) {
      byte[] piece = Writer.piece(directory, i);
      System.arraycopy(piece, 0, large, Writer.place(directory, i), piece.length);
    }
    if ((last + 1) % Writer.KINDS == 3) {
      byte[] actual = Files.readAllBytes(largeFile);
      byte[] piece = Writer.piece(directory, last + 1);
      int at = Writer.place(directory, last + 1);
      for (int b = 0; b < piece.length; b++) {
        large[at + b] = actual[at + b] == piece[b] ? piece[b] : large[at + b];
      }
    }
  }

  private void verifyLarge(Path largeFile) throws IOException {
    byte[] actual = Files.readAllBytes(largeFile);
    assertEquals(-1, Arrays.mismatch(large, actual), "first wrong byte of " + largeFile);
  }

  private static Set<String> names(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return Set.of();
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(path -> path.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly().onExit().join();
  }
}
