package io.datasetfs.staging;

import static io.datasetfs.staging.Pair.outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;

/** What is done next to both of a {@link Pair}, and the comparison of what came of it. */
final class RandomStep {
  private static final int[] MODES = {0644, 0755, 0600, 04755, 02775, 02644, 01777, 0};
  private static final List<String> NAMES = List.of("a", "b", "c", "d", "ä");

  private final Random random;
  private String last = "";

  RandomStep(Random random) {
    this.random = random;
  }

  /** What was done last. */
  String last() {
    return last;
  }

  /** Says what is done. */
  void begin(String operation) {
    last = operation;
  }

  String anyPath() {
    StringBuilder path = new StringBuilder();
    for (int depth = 1 + random.nextInt(3); depth > 0; depth--) {
      path.append(path.isEmpty() ? "" : "/").append(NAMES.get(random.nextInt(NAMES.size())));
    }
    return path.toString();
  }

  int anyMode() {
    return MODES[random.nextInt(MODES.length)];
  }

  long anyOffset() {
    return switch (random.nextInt(4)) {
      case 0 -> 4096L * random.nextInt(10);
      case 1 -> random.nextInt(100);
      default -> random.nextInt(40_000);
    };
  }

  /**
   * Does it, and compares the results.
   *
   * @param real what the machine's own call gave
   */
  void check(String operation, long real, Pair.Doing staged) throws Exception {
    last = operation;
    long expected = Posix.result(real);
    assertEquals(expected, outcome(staged), operation);
  }
}
