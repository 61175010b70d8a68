package io.datasetfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.model.VersionId;
import io.datasetfs.model.VersionRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Imports into one dataset at the same time. */
final class ConcurrentImportTest {
  private static final int ROUNDS = 4;

  @TempDir private Path temp;
  private final List<Path> sources = new ArrayList<>();
  private final Map<VersionId, Path> landed = new HashMap<>();

  @BeforeEach
  void makeSources() throws IOException {
    for (int i = 0; i < 2; i++) {
      Path source = Files.createDirectory(temp.resolve("source" + i));
      RandomTree.fill(source, 10 + i, 80);
      // What both have, both may store.
      RandomTree.fill(Files.createDirectory(source.resolve("shared")), 99, 40);
      sources.add(source);
    }
  }

  private void change(int round) throws IOException {
    for (Path source : sources) {
      Files.write(
          source.resolve("new-" + round), io.datasetfs.store.Contents.random(round, 300_000));
    }
  }

  private void check(Path home, Dataset dataset) throws IOException {
    try (Workplace workplace = new Workplace(home)) {
      Dataset now = workplace.require(dataset.id());
      List<VersionRecord> versions = now.head().versions();
      assertEquals(landed.size(), versions.size());
      long sequence = versions.size();
      for (VersionRecord version : versions) {
        assertTrue(landed.containsKey(version.id()));
        assertEquals(sequence--, version.sequence());
      }
      assertEquals(versions.get(0).id(), now.head().latest().orElseThrow());
      // The two that came last are what their sources hold now.
      for (VersionRecord version : versions.subList(0, 2)) {
        assertEquals(
            TreeListing.ofSource(landed.get(version.id())), workplace.listing(now, version.tree()));
      }
      assertEquals(
          2, versions.subList(0, 2).stream().map(v -> landed.get(v.id())).distinct().count());
    }
  }

  @Test
  void ofTwoThreadsBothLand() throws Exception {
    Path home = temp.resolve("home");
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (Workplace workplace = new Workplace(home)) {
      Dataset dataset = workplace.create("busy");
      for (int round = 0; round < ROUNDS; round++) {
        change(round);
        List<Callable<VersionId>> imports = new ArrayList<>();
        for (Path source : sources) {
          imports.add(() -> workplace.run(dataset, source).version().id());
        }
        List<Future<VersionId>> versions = threads.invokeAll(imports);
        for (int i = 0; i < 2; i++) {
          landed.put(versions.get(i).get(), sources.get(i));
        }
        check(home, dataset);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  @Tag("promise-4")
  void ofTwoProcessesBothLand() throws Exception {
    Path home = temp.resolve("home");
    Dataset dataset;
    try (Workplace workplace = new Workplace(home)) {
      dataset = workplace.create("busy");
    }
    for (int round = 0; round < ROUNDS; round++) {
      change(round);
      List<Process> children = new ArrayList<>();
      for (Path source : sources) {
        children.add(
            ImportChild.start(
                ImportChild.command(List.of("-Xmx256m"), "once", home, dataset.id(), source)));
      }
      for (int i = 0; i < 2; i++) {
        String line = ImportChild.lastLine(children.get(i));
        assertTrue(line.startsWith("committed "), line);
        landed.put(new VersionId(line.substring("committed ".length())), sources.get(i));
      }
      check(home, dataset);
    }
  }
}
