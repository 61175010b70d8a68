package io.datasetfs.staging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datasetfs.model.FsException;
import io.datasetfs.read.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whatever is done to a staged version and to a directory of the system's own file system gives the
 * same results, errors, contents, attributes and changes of times.
 */
class DifferentialTest {
  private static final int STEPS = 700;

  @TempDir private Path temp;

  @ParameterizedTest
  @CsvSource({"1, false", "2, false", "3, false", "4, true", "5, true", "6, true", "7, true"})
  void behavesAsTheSystemsOwn(long seed, boolean overBase) throws Exception {
    Path real = Files.createDirectory(temp.resolve("real"));
    Files.setAttribute(real, "unix:mode", 0755);
    Model.Directory model = overBase ? model(new Random(seed), 0) : new Model.Directory();
    materialize(model, real);
    try (BaseFixture base = new BaseFixture(model)) {
      Pair pair = new Pair(overBase ? base.create(temp) : Areas.create(temp), real);
      run(pair, seed, overBase, () -> overBase ? base.open(temp) : Areas.open(temp));
    }
  }

  private interface Reopening {
    StagedVersion run() throws FsException;
  }

  private static void run(Pair pair, long seed, boolean overBase, Reopening reopening)
      throws Exception {
    Random random = new Random(seed);
    RandomOperations operations = new RandomOperations(pair, random, !overBase);
    int step = 0;
    try {
      Map<String, Pair.Seen[]> before = pair.compare();
      for (; step < STEPS; step++) {
        if (random.nextInt(100) == 0) {
          pair.closeAll();
          pair.version.close();
          pair.version = reopening.run();
          before = pair.compare();
        }
        operations.one();
        Map<String, Pair.Seen[]> after = pair.compare();
        compareTimes(before, after);
        before = after;
      }
      pair.closeAll();
    } catch (Exception | AssertionError e) {
      throw new AssertionError("seed %d, step %d: %s".formatted(seed, step, operations.last()), e);
    } finally {
      pair.version.close();
    }
  }

  /** What changed a time of the one has to have changed that of the other. */
  private static void compareTimes(
      Map<String, Pair.Seen[]> before, Map<String, Pair.Seen[]> after) {
    for (var entry : after.entrySet()) {
      Pair.Seen[] old = before.get(entry.getKey());
      Pair.Seen[] now = entry.getValue();
      if (old == null || old[0].number() != now[0].number() || old[1].number() != now[1].number()) {
        continue;
      }
      String path = entry.getKey();
      assertEquals(
          !old[1].mtime().equals(now[1].mtime()),
          !old[0].mtime().equals(now[0].mtime()),
          () -> "mtime of '" + path + "' changed");
      assertEquals(
          !old[1].ctime().equals(now[1].ctime()),
          !old[0].ctime().equals(now[0].ctime()),
          () -> "ctime of '" + path + "' changed");
    }
  }

  private static Model.Directory model(Random random, int depth) {
    Model.Directory directory = new Model.Directory();
    for (String name : new String[] {"a", "b", "c", "ä"}) {
      int what = random.nextInt(depth < 2 ? 4 : 3);
      byte[] bytes = new byte[random.nextInt(30_000)];
      random.nextBytes(bytes);
      directory.with(
          name,
          switch (what) {
            case 0 -> Model.File.of(bytes).hole(random.nextInt(9000) + 1).data(bytes.clone());
            case 1 -> Model.File.inline(new byte[random.nextInt(40)]);
            case 2 ->
                random.nextBoolean()
                    ? new Model.Link(Model.TIME, "/nowhere/at/all")
                    : Model.File.of(bytes);
            default -> model(random, depth + 1);
          });
    }
    return directory;
  }

  private static void materialize(Model model, Path at) throws IOException {
    if (model instanceof Model.Link link) {
      Files.createSymbolicLink(at, Path.of(link.target()));
      Files.getFileAttributeView(at, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .setTimes(FileTime.from(link.mtime()), null, null);
      return;
    }
    if (model instanceof Model.File file) {
      Files.write(at, file.bytes(0, (int) file.size()));
    } else if (model instanceof Model.Directory directory) {
      if (!Files.exists(at)) {
        Files.createDirectory(at);
      }
      for (var child : directory.children().entrySet()) {
        materialize(child.getValue(), at.resolve(child.getKey()));
      }
    }
    Files.setAttribute(at, "unix:mode", model.mode());
    Files.setLastModifiedTime(at, FileTime.from(model.mtime()));
  }
}
