package io.datasetfs.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Opens, reads and closes all files of a tree of up to 64 KiB, in shuffled order: DIRECTORY THREADS
 * ROUNDS. Prints how many of them a second in each round.
 */
public final class SmallFiles {
  private static final int LARGEST = 64 << 10;

  private SmallFiles() {}

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> tree = Files.walk(Path.of(arguments[0]))) {
      for (Path path : (Iterable<Path>) tree::iterator) {
        if (Files.isRegularFile(path) && Files.size(path) <= LARGEST) {
          files.add(path);
        }
      }
    }
    int threads = Integer.parseInt(arguments[1]);
    ExecutorService readers = Executors.newFixedThreadPool(threads);
    try {
      for (int round = 0; round < Integer.parseInt(arguments[2]); round++) {
        Collections.shuffle(files, new Random(round));
        long begun = System.nanoTime();
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
          all.add(readers.submit(() -> read(files, next)));
        }
        for (Future<?> each : all) {
          each.get();
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf("%.0f%n", files.size() / seconds);
      }
    } finally {
      readers.shutdownNow();
    }
  }

  private static void read(List<Path> files, AtomicInteger next) {
    byte[] buffer = new byte[LARGEST];
    for (int i = next.getAndIncrement(); i < files.size(); i = next.getAndIncrement()) {
      try (InputStream file = Files.newInputStream(files.get(i))) {
        while (file.read(buffer) > 0) {
          // to the end
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
