package io.datasetfs.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads files as programs do, and prints the seconds that it took, its own start apart: {@code
 * files THREADS} reads each file that standard input names, whole, the threads sharing the list;
 * {@code random THREADS FILE LENGTH READS SEED} reads at random places.
 */
public final class FileReads {
  private static final int BUFFER = 128 << 10;

  private FileReads() {}

  /** Reads. */
  public static void main(String[] arguments) throws Exception {
    int threads = Integer.parseInt(arguments[1]);
    List<Callable<Long>> work =
        arguments[0].equals("files") ? files(threads, paths()) : random(threads, arguments);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      long from = System.nanoTime();
      long bytes = 0;
      for (Future<Long> done : pool.invokeAll(work)) {
        bytes += done.get();
      }
      System.out.printf(Locale.ROOT, "%.3f %d%n", (System.nanoTime() - from) / 1e9, bytes);
    } finally {
      pool.shutdown();
    }
  }

  private static List<Path> paths() throws IOException {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      return in.lines().map(Path::of).toList();
    }
  }

  private static List<Callable<Long>> files(int threads, List<Path> paths) {
    AtomicInteger next = new AtomicInteger();
    List<Callable<Long>> work = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      work.add(
          () -> {
            ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
            long bytes = 0;
            for (int n = next.getAndIncrement(); n < paths.size(); n = next.getAndIncrement()) {
              try (FileChannel file = FileChannel.open(paths.get(n))) {
                int got = file.read(buffer.clear());
                while (got >= 0) {
                  bytes += got;
                  got = file.read(buffer.clear());
                }
              }
            }
            return bytes;
          });
    }
    return work;
  }

  private static List<Callable<Long>> random(int threads, String... arguments) {
    Path path = Path.of(arguments[2]);
    int length = Integer.parseInt(arguments[3]);
    int reads = Integer.parseInt(arguments[4]);
    long seed = Long.parseLong(arguments[5]);
    List<Callable<Long>> work = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Random random = new Random(seed + i);
      work.add(
          () -> {
            ByteBuffer buffer = ByteBuffer.allocateDirect(length);
            long bytes = 0;
            try (FileChannel file = FileChannel.open(path)) {
              for (int n = 0; n < reads / threads; n++) {
                long offset = (long) (random.nextDouble() * (file.size() - length));
                bytes += file.read(buffer.clear(), offset);
              }
            }
            return bytes;
          });
    }
    return work;
  }
}
