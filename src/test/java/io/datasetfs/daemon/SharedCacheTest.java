package io.datasetfs.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.cache.DiskUse;
import io.datasetfs.faults.Readers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Daemons whose cache holds a quarter of what is read. */
@Timeout(600)
class SharedCacheTest {
  private static final long MIB = 1 << 20;
  private static final long BOUND = 24 * MIB;
  private static final String SIZE = "--cache-size=24M";
  private static final int LARGE = 22;
  private static final int SMALL = 100;
  private static final long MOST_MEMORY = 512 * MIB;

  /** Where the launcher says how much memory a daemon may take. */
  private static final Path LAUNCHER = Path.of("src/dist/bin/dsfs");

  @TempDir static Path directory;
  private static FarDataset far;

  @BeforeAll
  static void prepare() throws Exception {
    String memory =
        Files.readAllLines(LAUNCHER).stream()
            .filter(line -> line.contains("memory=") && line.contains("MaxDirectMemorySize"))
            .map(line -> line.replaceAll(".*\"(.*)\".*", "$1"))
            .findFirst()
            .orElseThrow();
    far = new FarDataset(directory, memory, LARGE, SMALL);
  }

  @AfterAll
  static void remove() throws Exception {
    far.close();
  }

  /** Everybody reads everything, while somebody looks how much is on the disk. */
  private static void readWithinBound(Path cache, long bound, List<Readers> all) throws Exception {
    List<FutureTask<Readers.Outcome>> reading =
        all.stream().map(readers -> new FutureTask<>(readers::read)).toList();
    reading.forEach(task -> new Thread(task, "readers").start());
    long most = 0;
    while (!reading.stream().allMatch(FutureTask::isDone)) {
      most = Math.max(most, DiskUse.of(cache));
      Thread.sleep(5);
    }
    for (FutureTask<Readers.Outcome> task : reading) {
      assertEquals(0, task.get().failed());
    }
    long peak = most;
    assertTrue(peak <= bound, () -> peak + " bytes on disk");
    assertTrue(peak >= BOUND / 2, () -> "only " + peak + " bytes");
  }

  private static void assertSmall(FarDataset.Mounted mounted) throws Exception {
    long peak =
        Files.readAllLines(Path.of("/proc", Long.toString(mounted.pid()), "status")).stream()
            .filter(line -> line.startsWith("VmHWM"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
            .findFirst()
            .orElseThrow();
    assertTrue(peak < MOST_MEMORY, () -> peak + " bytes of memory");
  }

  @Test
  @Tag("promise-21")
  void eightReadersOfMuchMoreThanTheCacheHolds() throws Exception {
    FarDataset.Mounted one = far.mount("one", SIZE);
    readWithinBound(one.cache(), BOUND * 105 / 100, List.of(one.readers()));
    assertSmall(one);
    one.unmount();
  }

  @Test
  @Tag("promise-22")
  void twoDaemonsShareACache() throws Exception {
    String shared = "--cache-dir=$PWD/cache-shared";
    FarDataset.Mounted first = far.serve("first", SIZE, shared);
    FarDataset.Mounted second = far.mount("second", SIZE, shared);
    Path cache = directory.toRealPath().resolve("cache-shared");
    List<Path> small = first.readers().names().stream().filter(p -> p.startsWith("many")).toList();
    assertEquals(0, first.readers().read(small).failed());
    far.proxy().traffic().forget();
    assertEquals(0, second.readers().read(small).failed());
    long fetched = far.proxy().traffic().count("GET range").received();
    assertTrue(fetched < MIB / 4, () -> fetched + " bytes were fetched a second time");

    // a few blocks of each may be on their way before the other knows
    readWithinBound(cache, BOUND * 125 / 100, List.of(first.readers(), second.readers()));
    first.kill();
    assertEquals(0, second.readers().read().failed());
    second.unmount();
  }
}
