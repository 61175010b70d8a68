package io.datasetfs.proof;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever programs do in a mounted uncommitted version gives what it gives in a directory of the
 * machine, also after the daemon was killed and over a version that was committed in between; and
 * what was committed is that, in another mount as well.
 *
 * <p>{@code -Ddsfs.test.seed=S} begins with another seed, {@code -Ddsfs.test.seeds=N} takes more.
 */
@Timeout(3600)
class RandomStepsTest {
  private static final long SEED = Long.getLong("dsfs.test.seed", 1);
  private static final long SEEDS = Long.getLong("dsfs.test.seeds", 1);
  private static final int PHASES = 2;
  private static final int CALLS = 800;
  private static final int KILLS = 2;
  private static final long SHRINKING_NANOS = 180_000_000_000L;

  @TempDir Path directory;

  static LongStream seeds() {
    return LongStream.range(SEED, SEED + SEEDS);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  @Tag("promise-25")
  void sameAsInADirectoryOfTheMachine(long seed) throws Exception {
    List<Step> steps = RandomSteps.draw(seed, PHASES, CALLS, KILLS);
    try (Workstation station = new Workstation(directory)) {
      Comparison all =
          new Comparison(station, station.mount("mnt"), station.directory().resolve("real"));
      try {
        all.run(steps);
      } catch (Exception | AssertionError e) {
        List<Step> failed = steps.subList(0, Math.min(steps.size(), all.done() + 1));
        String message = "seed %d, step %d: %s".formatted(seed, all.done(), e.getMessage());
        throw new AssertionError(message + fewest(station, all.mount(), failed), e);
      }
    }
  }

  private static String fewest(Workstation station, Workstation.Mount mount, List<Step> failed) {
    AtomicReference<Workstation.Mount> now = new AtomicReference<>(mount);
    AtomicReference<String> why = new AtomicReference<>("none fewer");
    long until = System.nanoTime() + SHRINKING_NANOS;
    try {
      List<Step> fewest =
          Shrinking.shrink(
              failed,
              steps -> {
                Path real = station.directory().resolve("again" + System.nanoTime());
                Comparison again = new Comparison(station, now.get(), real);
                try {
                  again.run(steps);
                  return false;
                } catch (AssertionError e) {
                  why.set(e.getMessage());
                  return true;
                } finally {
                  now.set(again.mount());
                }
              },
              () -> System.nanoTime() > until);
      StringBuilder text = new StringBuilder("\n" + fewest.size() + " steps that fail: " + why);
      fewest.forEach(step -> text.append("\n  ").append(step));
      return text.toString();
    } catch (Exception e) {
      return "\nnot shrunk: " + e;
    }
  }
}
