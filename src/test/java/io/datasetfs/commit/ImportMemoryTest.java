package io.datasetfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.store.Contents;
import java.io.BufferedReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Imports need no more memory when there is more to import. */
final class ImportMemoryTest {
  @TempDir private Path temp;

  /** Far more than fits, then one in a hundred files changed, again and again. */
  @Test
  void incompressibleDataDoesNotPileUp() throws Exception {
    Path source = Files.createDirectory(temp.resolve("source"));
    try (OutputStream out = Files.newOutputStream(source.resolve("large"))) {
      for (int i = 0; i < 600; i++) {
        out.write(Contents.random(i, 1 << 20));
      }
    }
    for (int i = 0; i < 2000; i++) {
      Files.write(source.resolve("small-" + i), Contents.random(i, 20_000));
    }
    Path home = temp.resolve("home");
    Dataset dataset;
    try (Workplace workplace = new Workplace(home)) {
      dataset = workplace.create("large");
    }
    Process child =
        ImportChild.start(
            ImportChild.command(
                // Fast, so that what waits for the store would pile up.
                List.of("-Xmx320m", "-XX:TieredStopAtLevel=4"),
                "often",
                home,
                dataset.id(),
                source));
    List<String> lines;
    try (BufferedReader output = ImportChild.output(child)) {
      lines = output.lines().filter(line -> !line.equals("store")).toList();
    } finally {
      child.destroyForcibly();
    }
    assertEquals(31, lines.size(), lines::toString);
    for (String line : lines.subList(1, 31)) {
      assertTrue(line.startsWith("committed "), line);
    }
  }
}
