package io.datasetfs.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.catalog.Catalog;
import io.datasetfs.catalog.ConfigurationFile;
import io.datasetfs.catalog.Dataset;
import io.datasetfs.catalog.Locations;
import io.datasetfs.catalog.NodeName;
import io.datasetfs.catalog.Providers;
import io.datasetfs.catalog.StagedReference;
import io.datasetfs.model.UncommittedVersion;
import io.datasetfs.model.VersionId;
import io.datasetfs.staging.InodeKind;
import io.datasetfs.staging.StagedVersion;
import io.datasetfs.staging.StagingAreas;
import io.datasetfs.store.Sleeper;
import io.datasetfs.store.local.LocalObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Creations of uncommitted versions that are killed at forty points, and what is found then. */
@Timeout(240)
class KilledCreateTest {
  private static final int KILLS = 40;
  private static final String NODE = "node";

  @TempDir Path temporary;

  private final SplittableRandom random = new SplittableRandom(20261123);
  private Path directory;
  private Daemon daemon;
  private Path staging;
  private Providers providers;
  private Catalog catalog;
  private DatasetReaders readers;
  private NodeAreas node;

  /** Nanoseconds within which a creation is killed after its first file. */
  private long window;

  /** Those that have been seen to be whole. */
  private final Set<VersionId> checked = new HashSet<>();

  @BeforeEach
  void prepare() throws Exception {
    directory = temporary.toRealPath();
    daemon = ClassArchive.shared().program(directory);
    daemon.run(
        """
        export DSFS_NODE=node; mkdir source; echo hello > source/file
        dsfs datasets create --name=d; dsfs datasets versions create --id=d --source-path=source/
        """);
    Path home = directory.resolve("home");
    Locations places = Locations.of(Map.of(Locations.HOME, home.toString()), home, true);
    SecureRandom secure = new SecureRandom();
    providers =
        new Providers(
            new ConfigurationFile(places.configuration(), Sleeper.THREAD),
            places.implicitStore(),
            provider -> LocalObjectStore.open(Path.of(provider.config().get("path"))),
            secure);
    catalog = new Catalog(providers, secure, Clock.systemUTC(), Sleeper.THREAD);
    StagingAreas areas = new StagingAreas(places.staging(), Clock.systemUTC());
    staging = places.staging().resolve(now().id().value());
    readers = new DatasetReaders(ReadOptions.USUAL, places.blockCache());
    node = new NodeAreas(catalog, areas, readers.of(catalog), new NodeName(NODE, true));
  }

  @AfterEach
  void clean() throws Exception {
    readers.close();
    providers.close();
    daemon.clean();
  }

  @Test
  @Tag("promise-23")
  void whereverItIsKilledNothingHalfIsLeft() throws Exception {
    long usual = Math.min(duration(), duration());
    window = usual / 3;
    int killed = 0;
    int listed = 0;
    int left = 0;
    for (int round = 0; round < KILLS; round++) {
      killed += createAndKill(round, usual) ? 1 : 0;
      int added = check();
      // Soon enough about every third is listed, however quick the machine is just now.
      window = added == 0 ? window + window / 5 : window - window * 3 / 10;
      listed += added;
      left += entries().size() > now().head().uncommitted().size() ? 1 : 0;
    }
    // Else the kills came too early or too late to prove anything.
    String proof = "killed %d, listed %d, left over %d".formatted(killed, listed, left);
    assertTrue(killed >= KILLS / 2 && listed >= 3 && left >= 3, proof);

    assertEquals("", daemon.run(create(0) + " > said"));
    assertEquals(1, check());
    node.sweep(Instant.now().plus(Duration.ofDays(1)));
    List<String> versions =
        now().head().uncommitted().stream().map(v -> v.id().value()).sorted().toList();
    assertEquals(versions, entries());
    for (UncommittedVersion version : now().head().uncommitted()) {
      assertTrue(node.delete(new StagedReference(now(), version)).isEmpty());
    }
    assertEquals(List.of(), entries());
  }

  /** Every second one starts from a committed version. */
  private static String create(int round) {
    return "DSFS_NODE=%s exec dsfs datasets versions create --id=d %s"
        .formatted(NODE, round % 2 == 0 ? "--from=latest" : "");
  }

  private long duration() throws Exception {
    long begin = System.nanoTime();
    assertEquals("", daemon.run(create(0) + " > said"));
    long taken = System.nanoTime() - begin;
    assertEquals(1, check());
    return taken;
  }

  /** Whether it had not ended before. */
  private boolean createAndKill(int round, long usual) throws Exception {
    // By time, or a little after it is seen to begin.
    int entries = entries().size();
    Process child = daemon.start(create(round), directory.resolve("created"));
    if (random.nextInt(3) == 0) {
      TimeUnit.NANOSECONDS.sleep(random.nextLong(usual));
    } else {
      while (child.isAlive() && entries().size() == entries) {
        Thread.sleep(1);
      }
      TimeUnit.NANOSECONDS.sleep(random.nextLong(window));
    }
    boolean killed = child.isAlive();
    child.destroyForcibly().waitFor();
    return killed;
  }

  private Dataset now() throws IOException {
    return catalog.require("d");
  }

  private List<String> entries() throws IOException {
    if (!Files.exists(staging)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(staging)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  /** How many versions are new; each has files that can be used. */
  private int check() throws IOException {
    Dataset dataset = now();
    int added = 0;
    for (UncommittedVersion version : dataset.head().uncommitted()) {
      if (checked.add(version.id())) {
        added++;
        try (StagedVersion files = node.open(new StagedReference(dataset, version))) {
          if (version.base().isPresent()) {
            assertEquals(InodeKind.FILE, files.lookup(files.root(), "file").kind());
          }
          files.makeDirectory(files.root(), "made", 0755, ProcessOwner.creator());
        }
      }
    }
    assertTrue(added <= 1);
    return added;
  }
}
