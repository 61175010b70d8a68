package io.datasetfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.format.PackLayout;
import io.datasetfs.model.FsException;
import io.datasetfs.model.PackId;
import io.datasetfs.model.VersionId;
import io.datasetfs.model.VersionRecord;
import io.datasetfs.read.VersionVerifier;
import io.datasetfs.store.ObjectStore;
import io.datasetfs.store.StoredObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Imports that are killed at a hundred points, and what is found afterwards. */
final class KilledImportTest {
  private static final int KILLS = 100;

  @TempDir private Path temp;
  private final Random random = new Random(20261122);

  /** What each version must hold: what its source held when its import began. */
  private final Map<VersionId, SortedMap<String, String>> expected = new HashMap<>();

  private final Set<String> checked = new HashSet<>();
  private Path source;
  private Path home;

  @Test
  @Tag("promise-2")
  void whereverAnImportIsKilledTheRepositoryIsWhole() throws Exception {
    source = Files.createDirectory(temp.resolve("source"));
    home = temp.resolve("home");
    RandomTree.fill(source, 1, 60);
    Dataset dataset;
    try (Workplace workplace = new Workplace(home)) {
      dataset = workplace.create("killed");
    }
    int commits = 0;
    int killed = 0;
    for (int round = 0; round < KILLS; round++) {
      change(round);
      SortedMap<String, String> content = TreeListing.ofSource(source);
      List<String> told = importAndKill(dataset);
      killed += told.contains("killed") ? 1 : 0;
      commits += check(dataset, content, told);
    }
    int landed = commits;
    // Else the kills came too early or too late to prove anything.
    assertTrue(killed >= KILLS * 3 / 4, "killed: " + killed);
    assertTrue(landed >= 3 && landed <= KILLS - 20, "landed: " + landed);
    try (Workplace workplace = new Workplace(home)) {
      Dataset now = workplace.require(dataset.id());
      VersionRecord last = workplace.run(now, source).version();
      assertEquals(TreeListing.ofSource(source), workplace.listing(now, last.tree()));
      verifyAll(workplace, workplace.require(dataset.id()));
    }
  }

  private void change(int round) throws IOException {
    byte[] content = new byte[1 + random.nextInt(400_000)];
    random.nextBytes(content);
    Files.write(source.resolve("changing-" + round % 7), content);
    Files.writeString(source.resolve("tiny-" + round), "round " + round);
  }

  /** What the child told, and {@code killed} where it was killed. */
  private List<String> importAndKill(Dataset dataset) throws Exception {
    // From the beginning of the import to a little behind its end, by time or by what it does.
    long nanos = random.nextInt(2) == 0 ? random.nextInt(200_000_000) : 0;
    int events = nanos > 0 ? 0 : random.nextInt(9);
    Process child =
        ImportChild.start(
            ImportChild.command(List.of("-Xmx256m"), "once", home, dataset.id(), source));
    List<String> told = new ArrayList<>();
    try (BufferedReader output = ImportChild.output(child)) {
      String line = output.readLine();
      int stores = 0;
      while (line != null) {
        told.add(line);
        stores += line.equals("store") && told.contains("begin") ? 1 : 0;
        if (told.contains("begin") && stores >= events && !told.contains("killed")) {
          Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000));
          if (nanos == 0) {
            Thread.sleep(0, random.nextInt(999_999));
          }
          if (child.isAlive()) {
            child.toHandle().destroyForcibly(); // Process would close the pipe, too
            told.add("killed");
          }
        }
        line = output.readLine();
      }
    } finally {
      child.destroyForcibly();
      child.waitFor();
    }
    return told;
  }

  /** How many versions came to be. */
  private int check(Dataset dataset, SortedMap<String, String> content, List<String> told)
      throws FsException {
    try (Workplace workplace = new Workplace(home)) {
      Dataset now = workplace.require(dataset.id());
      int added = 0;
      for (VersionRecord version : now.head().versions()) {
        if (!expected.containsKey(version.id())) {
          expected.put(version.id(), content);
          assertEquals(content, workplace.listing(now, version.tree()));
          added++;
        }
      }
      assertTrue(added <= 1);
      for (String line : told) {
        if (line.startsWith("committed ")) {
          VersionId acknowledged = new VersionId(line.substring("committed ".length()));
          assertTrue(now.head().find(acknowledged).isPresent(), line);
        }
        assertTrue(!line.startsWith("failed"), line);
      }
      checkPacks(workplace.catalog().store(now), dataset);
      return added;
    }
  }

  private void checkPacks(ObjectStore store, Dataset dataset) throws FsException {
    List<String> packs = new ArrayList<>();
    store.list(PackLayout.prefix(dataset.id()), object -> packs.add(object.key()));
    packs.removeAll(checked);
    checked.addAll(packs);
    for (String key : packs) {
      StoredObject pack = store.find(key).orElseThrow();
      PackId id = PackId.parse(key.substring(key.lastIndexOf('/') + 1));
      PackLayout.readIndex(id, ByteBuffer.wrap(pack.content()));
    }
  }

  private void verifyAll(Workplace workplace, Dataset dataset) throws FsException {
    for (VersionRecord version : dataset.head().versions()) {
      var report =
          new VersionVerifier(workplace.catalog().store(dataset), dataset.id(), false)
              .verify(version.tree());
      assertTrue(report.isClean(), report::toString);
      if (expected.containsKey(version.id())) {
        assertEquals(expected.get(version.id()), workplace.listing(dataset, version.tree()));
      }
    }
  }
}
