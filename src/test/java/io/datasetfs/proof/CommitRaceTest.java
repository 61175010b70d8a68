package io.datasetfs.proof;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A commit is all or nothing, whoever writes, commits or kills at the same time.
 *
 * <p>{@code -Ddsfs.test.commits=N} kills more often.
 */
@Timeout(3600)
class CommitRaceTest {
  private static final int KILLS = Integer.getInteger("dsfs.test.commits", 4);
  private static final int WRITERS = 4;
  private static final int FILES = 200;
  private static final int LARGEST = 100_000;
  private static final String READ_ONLY = "Read-only file system";

  @TempDir Path temporary;

  private Workstation station;

  @BeforeEach
  void begin() throws Exception {
    station = new Workstation(temporary);
  }

  @AfterEach
  void end() throws Exception {
    station.close();
  }

  /** What was closed before the writers were stopped is in the version, and nothing else. */
  @Test
  @Tag("promise-2")
  void writersAreStoppedAndNothingOfTheirsIsLost() throws Exception {
    Workstation.Mount mount = station.mount("mnt");
    String version = station.create();
    Path root = mount.await(version);
    ExecutorService pool = Executors.newFixedThreadPool(WRITERS);
    try {
      List<Future<Set<String>>> writing = new ArrayList<>();
      for (int w = 0; w < WRITERS; w++) {
        String name = "writer" + w;
        Callable<Set<String>> writer = () -> writeUntilStopped(root, name);
        writing.add(pool.submit(writer));
      }
      Thread.sleep(500);
      station.run(Workstation.commit(version));
      Set<String> closed = new TreeSet<>();
      for (Future<Set<String>> writer : writing) {
        closed.addAll(writer.get());
      }
      assertTrue(closed.size() > WRITERS, closed.size() + " files were closed");
      verifyFiles(closed, root);
      mount.end();
      verifyFiles(closed, station.mount("mnt").await(version));
    } finally {
      pool.shutdownNow();
    }
  }

  private static Set<String> writeUntilStopped(Path root, String writer) throws IOException {
    Set<String> closed = new TreeSet<>();
    while (true) {
      String name = writer + "-" + closed.size();
      try {
        Files.write(root.resolve(name), Place.bytes(name.hashCode(), 10_000));
      } catch (FileSystemException e) {
        assertEquals(READ_ONLY, e.getReason());
        return closed;
      }
      closed.add(name);
    }
  }

  private static void verifyFiles(Set<String> names, Path root) throws IOException {
    try (Stream<Path> all = Files.list(root)) {
      assertEquals(
          names,
          all.map(path -> path.getFileName().toString())
              .collect(Collectors.toCollection(TreeSet::new)));
    }
    for (String name : names) {
      assertArrayEquals(
          Place.bytes(name.hashCode(), 10_000), Files.readAllBytes(root.resolve(name)), name);
    }
  }

  /** One commits, the other is told of it; with a daemon and without. */
  @Test
  @Tag("promise-2")
  void ofTwoCommitsOneCommits() throws Exception {
    for (boolean mounted : new boolean[] {true, false}) {
      Workstation.Mount mount = station.mount("mnt");
      String version = station.create();
      fill(mount.await(version), 1);
      SortedMap<String, String> expected = TreeView.committed(mount.version(version));
      if (!mounted) {
        mount.end();
      }
      Workstation.Running one = station.start(Workstation.commit(version));
      Workstation.Running other = station.start(Workstation.commit(version));
      String said = told(one.end()) + " " + told(other.end());
      assertTrue(
          Set.of("committed refused", "refused committed", "committed already", "already committed")
              .contains(said),
          said);
      if (!mounted) {
        mount = station.mount("mnt");
      }
      TreeView.requireSame(expected, TreeView.committed(mount.await(version)));
      mount.end();
    }
    String versions = station.run("dsfs datasets versions list --id=d --json");
    assertEquals(2, versions.split("\"id\"", -1).length - 1, versions);
  }

  private static String told(Workstation.Said said) {
    String text = said.text();
    if (said.status() == 0) {
      return text.startsWith("Committed") ? "committed" : "already";
    }
    boolean known =
        text.contains("is in use by the process")
            || text.contains("being committed")
            || text.contains("has been committed");
    return said.status() == 1 && known ? "refused" : text;
  }

  /** Of the daemon that commits, or of the command that commits without one. */
  @Test
  @Tag("promise-2")
  @Tag("promise-25")
  void aKilledCommitIsWholeOrHasNotHappened() throws Exception {
    Random random = new Random(3);
    long longest = 0;
    int committed = 0;
    Workstation.Mount mount = station.mount("mnt");
    String version = station.create();
    fill(mount.await(version), 0);
    for (int round = 1; round <= KILLS; round++) {
      SortedMap<String, String> expected = TreeView.committed(mount.version(version));
      boolean mounted = random.nextBoolean();
      if (!mounted) {
        mount.end();
      }
      long start = System.nanoTime();
      Workstation.Running commit = station.start(Workstation.commit(version));
      if (round > 1) {
        Thread.sleep((longest / 4 + random.nextLong(longest)) / 1_000_000);
        if (mounted) {
          mount.kill();
        } else {
          commit.kill();
        }
      }
      Workstation.Said said = commit.end();
      longest = round == 1 ? System.nanoTime() - start : longest;
      if (mounted && round > 1) {
        mount.detach();
      }
      if (!mounted || round > 1) {
        mount = station.mount("mnt");
      }
      Path root = mount.await(version);
      TreeView.requireSame(expected, TreeView.committed(root));
      if (isCommitted(root)) {
        committed++;
        assertEquals(version, Files.readSymbolicLink(mount.version("latest")).toString());
        version = station.create("--from=latest");
        fill(mount.await(version), round);
      } else {
        assertTrue(said.status() != 0, said.text());
        Files.writeString(root.resolve("again"), "after round " + round);
      }
    }
    assertTrue(committed > 0);
    SortedMap<String, String> expected = TreeView.committed(mount.version(version));
    station.run(Workstation.commit(version));
    TreeView.requireSame(expected, TreeView.committed(mount.version(version)));
    station.run("dsfs datasets versions verify --id=d:" + version);
  }

  private static boolean isCommitted(Path root) throws IOException {
    try {
      Files.delete(Files.createFile(root.resolve("tried")));
      return false;
    } catch (FileSystemException e) {
      assertEquals(READ_ONLY, e.getReason());
      return true;
    }
  }

  /** So much that a commit takes a while. */
  private static void fill(Path root, int seed) throws IOException {
    Path directory = Files.createDirectories(root.resolve("filled" + seed % 2).resolve("below"));
    for (int i = 0; i < FILES; i++) {
      int length = Math.floorMod(i * 7919, LARGEST);
      Files.write(directory.resolve("file" + i), Place.bytes(seed * 1000L + i, length));
    }
  }
}
