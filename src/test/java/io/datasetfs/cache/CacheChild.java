package io.datasetfs.cache;

import static io.datasetfs.cache.Blocks.content;
import static io.datasetfs.cache.Blocks.has;
import static io.datasetfs.cache.Blocks.ref;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Random;

/** A process with a disk cache of its own: {@code main TASK DIRECTORY BOUND COUNT SEED}. */
final class CacheChild {
  private CacheChild() {}

  static Process start(String task, Path directory, long bound, int count, int seed)
      throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            CacheChild.class.getName(),
            task,
            directory.toString(),
            Long.toString(bound),
            Integer.toString(count),
            Integer.toString(seed))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  static BufferedReader output(Process child) {
    return new BufferedReader(new InputStreamReader(child.getInputStream(), UTF_8));
  }

  public static void main(String[] arguments) {
    long bound = Long.parseLong(arguments[2]);
    int count = Integer.parseInt(arguments[3]);
    Random random = new Random(Integer.parseInt(arguments[4]));
    PrintStream out = new PrintStream(System.out, true, UTF_8);
    try (DiskCache cache =
        new DiskCache(Blocks.settings(Path.of(arguments[1]), bound), Clock.systemUTC())) {
      out.println("open");
      int hits = 0;
      boolean wrote = false;
      for (int i = 0; arguments[0].equals("forever") || i < 4 * count; i++) {
        int number = random.nextInt(count);
        // throws when the bytes are wrong
        if (has(cache.blocks(), number)) {
          hits++;
        } else {
          cache.blocks().offer(ref(number), content(number));
        }
        if (!wrote && cache.blocks().statistics().written() > 0) {
          wrote = true;
          out.println("wrote");
        }
      }
      out.println("done " + hits);
    }
  }
}
