package io.datasetfs.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;

/** Does steps in an uncommitted version and in a directory of the machine, and compares. */
final class Comparison {
  private static final int STEPS_BETWEEN = 25;

  private final Workstation station;
  private final Instant start = Instant.now().minusSeconds(1);
  private final Path real;
  private Workstation.Mount mount;
  private String version;
  private Place expected;
  private Place actual;
  private int directories;
  private int done;

  /**
   * @param real an empty directory
   */
  Comparison(Workstation station, Workstation.Mount mount, Path real) throws Exception {
    this.station = station;
    this.mount = mount;
    this.real = Files.createDirectories(real);
    Path directory = newDirectory();
    Files.setAttribute(directory, "unix:mode", 0755);
    expected = new Place(directory);
    version = station.create();
    actual = new Place(mount.await(version));
  }

  private Path newDirectory() throws Exception {
    return Files.createDirectory(real.resolve("phase" + directories++));
  }

  /** The mount, which is another one after a kill. */
  Workstation.Mount mount() {
    return mount;
  }

  /** How many steps have been done. */
  int done() {
    return done;
  }

  /** Does steps; whatever differs is an AssertionError. */
  void run(List<Step> steps) throws Exception {
    try {
      for (done = 0; done < steps.size(); done++) {
        Step step = steps.get(done);
        switch (step.kind()) {
          case CALL -> {
            String result = step.call().apply(expected);
            assertEquals(result, step.call().apply(actual), step.text());
            if (done % STEPS_BETWEEN == 0) {
              compare();
            }
          }
          case KILL -> kill();
          case COMMIT -> commit();
        }
      }
      compare();
    } finally {
      expected.closeAll();
      actual.closeAll();
    }
  }

  private void compare() throws Exception {
    SortedMap<String, String> before = TreeView.all(expected.root(), start);
    SortedMap<String, String> after = TreeView.all(actual.root(), start);
    TreeView.requireSame(before, after);
  }

  /** What is open goes with the daemon, and what has no name with it. */
  private void kill() throws Exception {
    mount.kill();
    expected.closeAll();
    actual.closeAll();
    mount.detach();
    mount = station.mount("mnt");
    actual = new Place(mount.await(version));
    compare();
  }

  private void commit() throws Exception {
    expected.closeAll();
    actual.closeAll();
    removeSpecial();
    compare();
    SortedMap<String, String> staged = TreeView.committed(actual.root());
    station.run(Workstation.commit(version));
    TreeView.requireSame(staged, TreeView.committed(actual.root()));
    assertEquals("Read-only file system", actual.mkdir("new", 0755));
    Path cache = station.directory().resolve("cache-second");
    Workstation.Mount second = station.mount("second");
    Path committed = second.version(version);
    TreeView.requireSame(staged, TreeView.committed(committed));
    second.end();
    station.run("rm -rf '%s'".formatted(cache));
    version = station.create("--from=latest");
    Path next = newDirectory();
    // A commit keeps neither owners nor hard links nor extended attributes.
    station.run("rsync -rlpt '%s/' '%s'".formatted(expected.root(), next));
    expected = new Place(next);
    actual = new Place(mount.await(version));
    compare();
  }

  /** They cannot be committed. */
  private void removeSpecial() throws Exception {
    try (Stream<Path> all = Files.walk(expected.root())) {
      for (Path path : all.toList()) {
        if (!Files.isSymbolicLink(path) && !Files.isDirectory(path) && !Files.isRegularFile(path)) {
          Files.delete(path);
          Files.delete(actual.root().resolve(expected.root().relativize(path)));
        }
      }
    }
  }
}
