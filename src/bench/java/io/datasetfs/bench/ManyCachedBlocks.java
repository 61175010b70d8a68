package io.datasetfs.bench;

import io.datasetfs.cache.CacheSize;
import io.datasetfs.cache.DiskCache;
import io.datasetfs.cache.DiskCacheSettings;
import io.datasetfs.model.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/**
 * Measures the start of a disk cache: DIRECTORY COUNT fills a new cache in DIRECTORY with that many
 * tiny blocks, opens it twice, and tells how long until it answers, how long until it knows all of
 * them, and the heap that they take.
 */
public final class ManyCachedBlocks {
  private ManyCachedBlocks() {}

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    int count = Integer.parseInt(arguments[1]);
    DiskCacheSettings settings =
        DiskCacheSettings.of(directory, new CacheSize(1L << 40, false), Duration.ofDays(14));
    // makes the directory
    measure("empty", settings, 0);
    fill(directory, count);
    measure("without the last uses", settings, count);
    measure("with the last uses", settings, count);
  }

  private static void fill(Path directory, int count) throws IOException {
    long begun = System.nanoTime();
    byte[] content = {1};
    for (int i = 0; i < count; i++) {
      Digest digest = Digest.compute(ByteBuffer.allocate(Integer.BYTES).putInt(i).array());
      Path parent = directory.resolve("data").resolve(digest.toString().substring(0, 2));
      if (i < 10_000) {
        Files.createDirectories(parent);
      }
      Files.write(parent.resolve(digest + "-1"), content);
    }
    say("filled", begun);
  }

  private static void measure(String what, DiskCacheSettings settings, int count)
      throws InterruptedException {
    long before = heap();
    long begun = System.nanoTime();
    try (DiskCache cache = new DiskCache(settings, Clock.systemUTC())) {
      say(what + ": open", begun);
      while (!cache.blocks().isComplete()) {
        Thread.sleep(5);
      }
      say(what + ": complete", begun);
      long found = cache.blocks().statistics().blocks();
      System.out.printf("%s: %d blocks, %d MiB of heap%n", what, found, (heap() - before) >> 20);
      if (found != count) {
        throw new IllegalStateException("there should be " + count);
      }
    }
    say(what + ": closed", begun);
  }

  private static long heap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static void say(String what, long begun) {
    System.out.printf("%s after %.2f s%n", what, (System.nanoTime() - begun) / 1e9);
  }
}
