package io.datasetfs.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Writes files as programs do, and prints the seconds that it took, its own start apart: {@code
 * create THREADS DIRECTORY FILES} makes files of 4 KiB, a thousand to a directory; {@code overwrite
 * THREADS FILE WRITES SEED} writes 4 KiB at random places of a file that is there.
 */
public final class FileWrites {
  private static final int BYTES = 4096;
  private static final int TOGETHER = 1000;

  private FileWrites() {}

  /** Writes. */
  public static void main(String[] arguments) throws Exception {
    int threads = Integer.parseInt(arguments[1]);
    Path path = Path.of(arguments[2]);
    int count = Integer.parseInt(arguments[3]);
    List<Callable<Void>> work = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int thread = i;
      work.add(
          arguments[0].equals("create")
              ? () -> create(path.resolve("writer" + thread), count / threads)
              : () -> overwrite(path, count / threads, thread + Long.parseLong(arguments[4])));
    }
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      long from = System.nanoTime();
      for (Future<Void> done : pool.invokeAll(work)) {
        done.get();
      }
      System.out.printf(Locale.ROOT, "%.3f%n", (System.nanoTime() - from) / 1e9);
    } finally {
      pool.shutdown();
    }
  }

  private static Void create(Path top, int files) throws IOException {
    byte[] content = new byte[BYTES];
    new Random(files).nextBytes(content);
    Files.createDirectory(top);
    for (int i = 0; i < files; i++) {
      Path directory = top.resolve(Integer.toString(i / TOGETHER));
      if (i % TOGETHER == 0) {
        Files.createDirectory(directory);
      }
      Files.write(directory.resolve(Integer.toString(i)), content, StandardOpenOption.CREATE_NEW);
    }
    return null;
  }

  private static Void overwrite(Path file, int writes, long seed) throws IOException {
    Random random = new Random(seed);
    ByteBuffer content = ByteBuffer.allocateDirect(BYTES);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      long blocks = channel.size() / BYTES;
      for (int i = 0; i < writes; i++) {
        channel.write(content.clear(), random.nextLong(blocks) * BYTES);
      }
    }
    return null;
  }
}
