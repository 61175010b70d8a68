package io.datasetfs.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.store.s3.Bucket;
import io.datasetfs.store.s3.CephGateway;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A bad network between a mount and its bucket, under readers who compare every byte. */
@Timeout(240)
class PassingFaultsTest {
  private static final double SOME = 0.3;
  private static final int LARGE = 4;
  private static final int SMALL = 200;
  // not the next one of those that are read before it, which may have been loaded ahead
  private static final Path UNREAD = Path.of("large3");
  private static final int ALL = 8 * (LARGE + SMALL);

  /** Long enough for every request to be made again until it succeeds. */
  private static final Duration PATIENT = Duration.ofSeconds(30);

  /** For reads that are going to fail. */
  private static final Duration HASTY = Duration.ofSeconds(4);

  @TempDir static Path truth;
  private static Bucket bucket;

  @TempDir Path home;

  @BeforeAll
  static void prepare() throws Exception {
    Readers.make(truth, LARGE, SMALL);
    bucket = CephGateway.shared().newBucket();
  }

  @AfterAll
  static void removeBucket() {
    bucket.close();
  }

  static Stream<Arguments> some() {
    return Stream.of(
        Arguments.of("server's errors", Fault.INTERNAL_ERROR),
        Arguments.of("overload", Fault.SLOW_DOWN),
        Arguments.of("short stalls", new Fault.StallBefore(Duration.ofMillis(300))),
        Arguments.of("stalls before the answer", new Fault.StallBefore(Fault.FOR_EVER)),
        Arguments.of("stalls in the body", new Fault.StallWithin(Fault.FOR_EVER)),
        Arguments.of("resets", new Fault.Reset()),
        Arguments.of("short bodies", new Fault.Truncate()),
        Arguments.of("flipped bits", new Fault.Flip()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("some")
  void someRequestsFail(String name, Fault fault) throws Exception {
    try (RemoteMount mount = new RemoteMount(bucket, truth, home, PATIENT, false)) {
      Rule rule =
          mount.proxy().inject(Rule.every(fault).on(S3Request::readsPack).sometimes(SOME, 3));
      // a block that is bad twice in a row is an error, rightly
      int most = fault instanceof Fault.Flip ? ALL : 0;
      Readers.Outcome outcome = new Readers(truth, mount.files()).read();
      assertTrue(rule.hits() > 0, name);
      assertTrue(outcome.failed() <= most, outcome + " " + rule.hits());
      mount.proxy().heal();
      new Readers(truth, mount.files()).readUntilWhole();
    }
  }

  static Stream<Arguments> all() {
    return Stream.of(
        Arguments.of("server's errors", Fault.INTERNAL_ERROR),
        Arguments.of("overload", Fault.SLOW_DOWN),
        Arguments.of("stalls before the answer", new Fault.StallBefore(Fault.FOR_EVER)),
        Arguments.of("stalls in the body", new Fault.StallWithin(Fault.FOR_EVER)),
        Arguments.of("resets", new Fault.Reset()),
        Arguments.of("short bodies", new Fault.Truncate()),
        Arguments.of("flipped bits", new Fault.Flip()),
        Arguments.of("expired credentials", Fault.EXPIRED),
        Arguments.of("a removed key", Fault.INVALID_KEY),
        Arguments.of("a wrong clock", Fault.SKEWED),
        Arguments.of("a vanished bucket", Fault.NO_BUCKET));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void allRequestsFailForAWhile(String name, Fault fault) throws Exception {
    try (RemoteMount mount = new RemoteMount(bucket, truth, home, HASTY, true)) {
      Readers readers = new Readers(truth, mount.files());
      Path known = Path.of("large0");
      assertTrue(readers.readOne(known));
      Rule rule = mount.proxy().inject(Rule.every(fault));
      assertTrue(!readers.readOne(UNREAD), name);
      assertTrue(rule.hits() > 0, name);
      assertTrue(readers.readOne(known), "what is cached stays readable");
      try (Stream<Path> listed = Files.list(mount.files())) {
        assertEquals(LARGE + 1, listed.count());
      }
      mount.proxy().heal();
      readers.readUntilWhole();
    }
  }

  @Test
  void refusedForAWhile() throws Exception {
    try (RemoteMount mount = new RemoteMount(bucket, truth, home, HASTY, true)) {
      Readers readers = new Readers(truth, mount.files());
      Path known = Path.of("large0");
      assertTrue(readers.readOne(known));
      mount.proxy().refuse();
      assertTrue(!readers.readOne(UNREAD));
      assertTrue(readers.readOne(known), "what is cached stays readable");
      mount.proxy().heal();
      readers.readUntilWhole();
    }
  }
}
