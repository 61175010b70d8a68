package io.datasetfs.faults;

import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Says which requests meet a fault. Rules are values until a proxy has them; it counts for them.
 */
public final class Rule {
  private final Fault fault;
  private final Predicate<S3Request> which;
  private final double probability;
  private final Random random;
  private long left;
  private long hits;

  private Rule(
      Fault fault, Predicate<S3Request> which, double probability, Random random, long times) {
    this.fault = fault;
    this.which = which;
    this.probability = probability;
    this.random = random;
    this.left = times;
  }

  /** Every request meets the fault. */
  public static Rule every(Fault fault) {
    return new Rule(fault, request -> true, 1, new Random(1), Long.MAX_VALUE);
  }

  /** Only such requests do. */
  public Rule on(Predicate<S3Request> some) {
    return new Rule(fault, which.and(some), probability, random, left);
  }

  /** Only some of them do, the same ones for the same seed and order of requests. */
  public Rule sometimes(double chance, long seed) {
    return new Rule(fault, which, chance, new Random(seed), left);
  }

  /** Only so many do. */
  public Rule times(long most) {
    return new Rule(fault, which, probability, random, most);
  }

  /** How often the fault was met. */
  public synchronized long hits() {
    return hits;
  }

  /** A fault, and where in the body it is to happen: a number in [0, 1). */
  record Hit(Fault fault, double place) {}

  synchronized Optional<Hit> meet(S3Request request) {
    if (left == 0 || !which.test(request) || random.nextDouble() >= probability) {
      return Optional.empty();
    }
    left--;
    hits++;
    return Optional.of(new Hit(fault, random.nextDouble()));
  }
}
