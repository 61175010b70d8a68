package io.datasetfs.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.faults.Fault;
import io.datasetfs.faults.FaultProxy;
import io.datasetfs.faults.Readers;
import io.datasetfs.faults.Rule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mounts of a bucket whose server goes away, comes back, is slow, or changes its mind on keys. */
@Timeout(300)
class OutageTest {
  private static final int LARGE = 8;
  private static final int SMALL = 100;
  private static final int TIMEOUT_SECONDS = 5;
  private static final String TIMEOUT = "--read-timeout=" + TIMEOUT_SECONDS + "s";

  /** Slow enough for readers to be at work when the server goes. */
  private static final long SLOW = 4 << 20;

  // not the next ones of those that are read before them, which may have been loaded ahead
  private static final List<Path> UNREAD = List.of(Path.of("large5"), Path.of("large7"));

  @TempDir static Path directory;
  private static FarDataset far;

  @BeforeAll
  static void prepare() throws Exception {
    far = new FarDataset(directory, "-Xmx192m -XX:TieredStopAtLevel=1", LARGE, SMALL);
  }

  @AfterAll
  static void remove() throws Exception {
    far.close();
  }

  @AfterEach
  void heal() throws Exception {
    far.proxy().latency(Duration.ZERO);
    far.proxy().bandwidth(0);
    far.proxy().heal();
    far.run("for m in fresh mnt*; do mountpoint -q $m && dsfs unmount --lazy $m; done; :");
    assertFalse(far.log().contains("Exception"), far.log());
  }

  private static void goAway(String how) throws Exception {
    if (how.equals("refuses")) {
      far.proxy().refuse();
    } else {
      far.proxy().inject(Rule.every(new Fault.StallBefore(Fault.FOR_EVER)));
      far.proxy().inject(Rule.every(new Fault.StallWithin(Fault.FOR_EVER)));
    }
  }

  /** Listings of all that has been walked; they end in good time or not at all. */
  private static String listing(FarDataset.Mounted mounted) throws Exception {
    return far.run(
        "timeout 30 ls -lR %1$s/data/ %1$s/data/latest/ && timeout 30 ls %1$s && timeout 30 stat -c '%%n %%s' %1$s/data/golden/large5 && timeout 30 df --output=target %1$s"
            .formatted(mounted.path().getFileName()));
  }

  private static void assertFailsInTime(Readers readers, Path name) throws Exception {
    long start = System.nanoTime();
    assertFalse(readers.readOne(name), name.toString());
    Duration taken = Duration.ofNanos(System.nanoTime() - start);
    // neither by the readers nor by the kernel asked for again and again
    assertTrue(taken.toSeconds() < 2 * TIMEOUT_SECONDS, () -> name + " after " + taken);
  }

  @ParameterizedTest
  @Tag("promise-20")
  @ValueSource(strings = {"refuses", "hangs"})
  @Tag("promise-18")
  void aServerThatGoesAwayUnderLoadAndComesBack(String how) throws Exception {
    FarDataset.Mounted mounted = far.mount("mnt-" + how, TIMEOUT);
    Readers readers = mounted.readers();
    String before = listing(mounted);
    List<Path> cached = readers.names().stream().filter(p -> p.startsWith("many")).toList();
    assertEquals(0, readers.read(cached).failed());
    assertTrue(readers.readOne(Path.of("large0")));
    far.proxy().bandwidth(SLOW);
    List<Path> load = List.of(Path.of("large1"), Path.of("large2"), Path.of("large3"));
    FutureTask<Readers.Outcome> loading = new FutureTask<>(() -> readers.read(load));
    new Thread(loading, "load").start();
    while (!readers.readOne(load.get(0))) {
      Thread.sleep(10);
    }

    goAway(how);
    far.proxy().bandwidth(0);
    for (Path name : UNREAD) {
      assertFailsInTime(readers, name);
    }
    assertEquals(before, listing(mounted));
    assertEquals(0, readers.read(cached).failed());
    assertTrue(readers.readOne(Path.of("large0")));
    assertEquals("absent\n", far.run("[ -e %s/nothing ] || echo absent".formatted(mounted.path())));
    assertFailsInTime(readers, UNREAD.get(0));

    far.proxy().heal();
    Readers.Outcome loaded = loading.get();
    assertTrue(loaded.whole() > 0, loaded.toString());
    readers.readUntilWhole();
    assertEquals(before, listing(mounted));
  }

  @Test
  @Tag("promise-20")
  @Tag("promise-18")
  void aDaemonIsRestartedDuringTheOutage() throws Exception {
    FarDataset.Mounted mounted = far.mount("mnt-again", TIMEOUT);
    Readers readers = mounted.readers();
    String before = listing(mounted);
    List<Path> cached = readers.names().stream().filter(p -> p.startsWith("many")).toList();
    assertEquals(0, readers.read(cached).failed());
    assertTrue(readers.readOne(Path.of("large0")));
    mounted.unmount();

    far.proxy().refuse();
    FarDataset.Mounted again = far.mount("mnt-again", TIMEOUT);
    assertEquals(before, listing(again));
    assertEquals(0, again.readers().read(cached).failed());
    assertTrue(again.readers().readOne(Path.of("large0")));
    assertFailsInTime(again.readers(), UNREAD.get(0));

    far.proxy().heal();
    again.readers().readUntilWhole();
  }

  @Test
  @Tag("promise-12")
  void whatWasImportedBeforeAMountIsThereFromItsFirstMomentOn() throws Exception {
    far.mount("fresh").unmount(); // what it knew is kept
    far.run("dsfs datasets create --name=newer --storageProviderId=far");
    far.run("dsfs datasets versions create --id=newer --source-path=truth/many");
    far.proxy().latency(Duration.ofMillis(800));
    far.mount("fresh");
    assertEquals(SMALL + "\n", far.run("ls fresh/newer/latest/many | wc -l"));
    far.proxy().latency(Duration.ZERO);
    far.run("dsfs datasets versions create --id=newer --source-path=truth/large0");
    // the kernel remembers where the link pointed until it is told
    far.run(
        "until cmp -s truth/large0 fresh/newer/latest/large0; do sleep 0.1; i=$((i + 1));"
            + " [ $i -lt 300 ] || break; done; cmp truth/large0 fresh/newer/latest/large0");
    far.run("dsfs datasets delete --id=newer");
  }

  @Test
  void keysAndAddressesAreReplacedWhileMounted() throws Exception {
    FarDataset.Mounted mounted = far.mount("mnt-keys", TIMEOUT);
    Readers readers = mounted.readers();
    assertTrue(readers.readOne(Path.of("large0")));
    // what has been revoked is not right any longer
    far.run("sed -i 's/testsecret/revoked/' home/credentials.yaml");
    assertFalse(readers.readOne(UNREAD.get(0)));
    assertTrue(readers.readOne(Path.of("large0")), "what is cached stays readable");
    far.run("dsfs storageProviders update --id=far " + far.keys());
    readers.readUntilWhole();

    String before = far.proxy().endpoint().toString();
    try (FaultProxy other = far.anotherProxy()) {
      far.proxy().refuse();
      far.run("dsfs storageProviders update --id=far --endpoint=" + other.endpoint());
      far.run("dsfs cache clear --cache-dir=$PWD/cache-mnt-keys");
      readers.readUntilWhole();
      assertTrue(other.traffic().count("GET range").requests() > 0);
      far.proxy().heal();
      far.run("dsfs storageProviders update --id=far --endpoint=" + before);
    }
  }
}
