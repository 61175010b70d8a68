package io.datasetfs.proof;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.fuse.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A daemon that is killed again and again while several processes write, into new files and over a
 * committed version: what was closed or synced is there, byte for byte.
 *
 * <p>{@code -Ddsfs.test.kills=N} kills more often.
 */
@Timeout(3600)
class KilledUnderLoadTest {
  private static final int KILLS = Integer.getInteger("dsfs.test.kills", 10);
  private static final int WRITERS = 3;
  private static final int KEPT_ROUNDS = 3;
  private static final int LONGEST_MILLIS = 500;

  @TempDir Path temporary;

  private final List<WriterProcess> writers = new ArrayList<>();

  @Test
  @Tag("promise-25")
  void whatWasClosedOrSyncedIsThere() throws Exception {
    Random random = new Random(5);
    int steps = 0;
    try (Workstation station = new Workstation(temporary)) {
      Path source = Files.createDirectory(station.directory().resolve("source"));
      for (int w = 0; w < WRITERS; w++) {
        byte[] large = Place.bytes(w, Writer.LARGE);
        Files.write(source.resolve("large" + w), large);
        writers.add(new WriterProcess(large));
      }
      station.create("--source-path=source/");
      String version = station.create("--from=latest");
      Workstation.Mount mount = station.mount("mnt");
      Path root = mount.await(version);
      for (int round = 0; round < KILLS; round++) {
        for (int w = 0; w < WRITERS; w++) {
          writers.get(w).begin(directory(root, round, w), large(root, w));
        }
        remove(root, round - KEPT_ROUNDS);
        Thread.sleep(random.nextInt(LONGEST_MILLIS));
        mount.kill();
        for (int w = 0; w < WRITERS; w++) {
          steps += writers.get(w).awaitEnd(directory(root, round, w));
        }
        mount.detach();
        mount = station.mount("mnt");
        mount.await(version);
        for (int w = 0; w < WRITERS; w++) {
          writers.get(w).remember(directory(root, round, w), large(root, w));
        }
        verify(root);
      }
      assertTrue(steps > KILLS * WRITERS, steps + " steps");
      SortedMap<String, String> staged = TreeView.committed(root);
      station.run(Workstation.commit(version));
      mount.end();
      TreeView.requireSame(staged, TreeView.committed(station.mount("mnt").await(version)));
    } finally {
      for (WriterProcess writer : writers) {
        writer.close();
      }
    }
  }

  private static Path directory(Path root, int round, int writer) {
    return root.resolve("round" + round).resolve("writer" + writer);
  }

  private static Path large(Path root, int writer) {
    return root.resolve("large" + writer);
  }

  /** The disk is not to be filled; and this is load as well. */
  private void remove(Path root, int round) throws Exception {
    if (round >= 0) {
      for (int w = 0; w < WRITERS; w++) {
        writers.get(w).forget(directory(root, round, w));
      }
      Shell.succeed("rm -r \"$1\"", root.resolve("round" + round));
    }
  }

  private void verify(Path root) throws Exception {
    for (int w = 0; w < WRITERS; w++) {
      writers.get(w).verify(large(root, w));
    }
  }
}
