package io.datasetfs.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.faults.Readers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Daemons that are killed while they fill their cache, and those that find it after them. */
@Timeout(600)
class KilledDaemonTest {
  private static final int KILLS = 100;
  private static final int READERS = 3;
  private static final int LONGEST_MILLIS = 250;

  /** Less than there is, so that something is to be written all the time. */
  private static final String SIZE = "--cache-size=6M";

  @TempDir Path directory;

  @Test
  @Tag("promise-1")
  void whoeverIsKilledWhileTheCacheIsWrittenLeavesNoWrongByte() throws Exception {
    Random random = new Random(11);
    AtomicInteger whole = new AtomicInteger();
    ExecutorService pool = Executors.newFixedThreadPool(READERS);
    try (FarDataset far = new FarDataset(directory, "-Xmx128m -XX:TieredStopAtLevel=1", 2, 60)) {
      startFaster(far);
      for (int i = 0; i < KILLS; i++) {
        FarDataset.Mounted mounted = far.serve("mnt", SIZE);
        List<Future<?>> reading = new ArrayList<>();
        for (int r = 0; r < READERS; r++) {
          List<Path> order = new ArrayList<>(mounted.readers().names());
          Collections.shuffle(order, random);
          reading.add(pool.submit(() -> readUntilKilled(mounted.readers(), order, whole)));
        }
        Thread.sleep(random.nextInt(LONGEST_MILLIS));
        mounted.kill();
        for (Future<?> reader : reading) {
          reader.get(); // throws when a byte was wrong
        }
      }
      assertTrue(whole.get() > KILLS, whole + " files were read");
      far.run("[ $(du -s cache-mnt | cut -f1) -gt 1000 ]");
      FarDataset.Mounted last = far.serve("mnt", SIZE);
      assertEquals(0, last.readers().read().failed());
      far.run("dsfs cache status --cache-dir=$PWD/cache-mnt");
      last.unmount();
    } finally {
      pool.shutdownNow();
    }
  }

  /** A hundred starts are most of the time: what they load is kept in an archive. */
  private static void startFaster(FarDataset far) throws Exception {
    far.run(
        """
        IFS=:; set -f; mkdir jars
        for element in $(sed -n "s/.* -cp '\\([^']*\\)'.*/\\1/p" bin/dsfs); do
          if [ -d "$element" ]; then
            n=$((n + 1)); JAR --create --file=jars/$n.jar -C "$element" .; element=$PWD/jars/$n.jar
          fi
          path=$path:$element
        done
        unset IFS; set +f
        sed -i "s|-cp '[^']*'|-XX:ArchiveClassesAtExit=$PWD/classes.jsa -Xlog:disable -cp '${path#:}'|" bin/dsfs
        """
            .replace("JAR", Path.of(System.getProperty("java.home"), "bin", "jar").toString()));
    FarDataset.Mounted mounted = far.serve("mnt", SIZE);
    assertTrue(mounted.readers().readOne(Path.of("large0")));
    mounted.end();
    far.run("sed -i s/ArchiveClassesAtExit/SharedArchiveFile/ bin/dsfs");
  }

  private static void readUntilKilled(Readers readers, List<Path> order, AtomicInteger whole) {
    try {
      for (Path name : order) {
        if (readers.readOne(name)) {
          whole.incrementAndGet();
        }
      }
    } catch (IOException e) {
      // there is no mount any longer
      return;
    }
  }
}
