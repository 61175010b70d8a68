package io.datasetfs.faults;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Readers at once, each of whom reads all files in an order of its own and compares every byte.
 *
 * @param truth what the files have to be
 * @param files where to read them
 */
record Readers(Path truth, Path files) {
  private static final int READERS = 8;
  private static final int BUFFER = 256 << 10;
  private static final long PAUSE_MILLIS = 100;
  private static final String FAILED = "Input/output error";

  /**
   * What came of it; wrong bytes throw.
   *
   * @param whole files that were read to their ends
   * @param failed files whose reading ended in EIO
   */
  record Outcome(int whole, int failed) {
    private Outcome plus(Outcome other) {
      return new Outcome(whole + other.whole, failed + other.failed);
    }
  }

  /** Makes files of these many bytes to be imported. */
  static Path make(Path directory, int large, int small) throws IOException {
    Random random = new Random(7);
    Files.createDirectories(directory.resolve("many"));
    for (int i = 0; i < large; i++) {
      byte[] content = new byte[(4 << 20) + random.nextInt(1 << 20)];
      random.nextBytes(content);
      Files.write(directory.resolve("large" + i), content);
    }
    for (int i = 0; i < small; i++) {
      byte[] content = new byte[1000 + random.nextInt(20_000)];
      random.nextBytes(content);
      Files.write(directory.resolve("many/small" + i), content);
    }
    return directory;
  }

  /** Paths below the top, in order. */
  List<Path> names() throws IOException {
    try (Stream<Path> all = Files.walk(truth)) {
      return all.filter(Files::isRegularFile).map(truth::relativize).sorted().toList();
    }
  }

  /** Everybody reads everything. */
  Outcome read() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(READERS);
    try {
      List<Callable<Outcome>> work = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        List<Path> order = new ArrayList<>(names());
        Collections.shuffle(order, new Random(i));
        work.add(() -> readAll(order));
      }
      Outcome sum = new Outcome(0, 0);
      for (Future<Outcome> done : pool.invokeAll(work)) {
        sum = sum.plus(done.get());
      }
      return sum;
    } finally {
      pool.shutdown();
    }
  }

  /** Everybody reads everything, as often as it takes until nothing fails any longer. */
  void readUntilWhole() throws Exception {
    while (read().failed() > 0) {
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  private Outcome readAll(List<Path> order) throws IOException {
    int failed = 0;
    for (Path name : order) {
      if (!readOne(name)) {
        failed++;
      }
    }
    return new Outcome(order.size() - failed, failed);
  }

  /**
   * Compares one file.
   *
   * @return false when reading it ended in EIO
   */
  boolean readOne(Path name) throws IOException {
    try (InputStream expected = Files.newInputStream(truth.resolve(name));
        InputStream actual = Files.newInputStream(files.resolve(name))) {
      byte[] buffer = new byte[BUFFER];
      long position = 0;
      int n = actual.read(buffer);
      while (n > 0) {
        byte[] right = expected.readNBytes(n);
        if (!Arrays.equals(right, 0, right.length, buffer, 0, n)) {
          throw new AssertionError("wrong bytes in " + name + " after " + position);
        }
        position += n;
        n = actual.read(buffer);
      }
      if (expected.read() >= 0) {
        throw new AssertionError(name + " ends at " + position);
      }
      return true;
    } catch (IOException e) {
      if (FAILED.equals(e.getMessage()) || e.getMessage().endsWith(": " + FAILED)) {
        return false;
      }
      throw e;
    }
  }
}
