package io.datasetfs.read.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against a server that exists in numbers only. */
class AdaptiveLimitTest {
  private static final int MIB = 1 << 20;

  private final AdaptiveLimit limit = new AdaptiveLimit(8, 64);
  private final Random random = new Random(1);

  // the server: bytes a second over all connections and over one, and what each request waits first
  private double total;
  private double single;
  private double latency;
  private int refusesAbove = Integer.MAX_VALUE;

  private final PriorityQueue<Request> underWay =
      new PriorityQueue<>(Comparator.comparingDouble(Request::end));
  private double now;
  private double brought;

  private record Request(double begin, double end, boolean refused) {}

  private void server(double totalRate, double singleRate, double seconds) {
    total = totalRate;
    single = singleRate;
    latency = seconds;
  }

  /** Serves so many requests, always as many at a time as allowed, and answers bytes a second. */
  private double serve(int requests, boolean wanted) {
    double begin = now;
    brought = 0;
    for (int i = 0; i < requests; i++) {
      int most = wanted ? limit.limit() : Math.min(3, limit.limit());
      while (underWay.size() < most) {
        underWay.add(begin(underWay.size() + 1));
      }
      Request done = underWay.remove();
      now = done.end;
      long nanos = (long) ((done.end - done.begin) * 1e9);
      if (done.refused) {
        limit.overloaded((long) (done.begin * 1e9), (long) (now * 1e9));
      } else {
        brought += MIB;
        limit.completed((long) (now * 1e9), nanos, MIB, wanted);
      }
    }
    return brought / (now - begin);
  }

  private Request begin(int count) {
    if (count > refusesAbove) {
      return new Request(now, now + latency, true);
    }
    double noise = 0.9 + 0.2 * random.nextDouble();
    double rate = Math.min(single, total / count);
    return new Request(now, now + (latency + MIB / rate) * noise, false);
  }

  private void assertBetween(int least, int most) {
    assertTrue(limit.limit() >= least && limit.limit() <= most, "limit " + limit.limit());
  }

  @Test
  void itBeginsWithWhatItIsTold() {
    assertEquals(8, limit.limit());
  }

  @Test
  void itGoesUpWhileThatBringsMore() {
    server(2e9, 50e6, 0.005);
    serve(3000, true);
    double rate = serve(3000, true);
    assertBetween(30, 64);
    assertTrue(rate > 0.8 * 2e9 * 0.9, rate / 1e6 + " MB/s");
  }

  @Test
  void itStaysLowWhereMoreBringsNothing() {
    server(125e6, 1e9, 0.005);
    serve(3000, true);
    double rate = serve(3000, true);
    assertBetween(2, 16);
    assertTrue(rate > 100e6, rate / 1e6 + " MB/s");
  }

  @Test
  void latencyIsMadeUpForByMoreAtATime() {
    server(1e9, 1e9, 0.05);
    serve(3000, true);
    double rate = serve(3000, true);
    assertBetween(32, 64);
    assertTrue(rate > 0.45e9, rate / 1e6 + " MB/s");
  }

  @Test
  void itGoesDownWhenTheStoreIsOverloaded() {
    server(2e9, 50e6, 0.005);
    refusesAbove = 12;
    serve(3000, true);
    assertBetween(4, 15);
  }

  @Test
  void itGoesDownWhenThroughputFallsAndLatencyGrows() {
    server(2e9, 50e6, 0.005);
    serve(3000, true);
    int before = limit.limit();
    for (int rate : new int[] {1000, 500, 250, 120}) {
      server(rate * 1e6, 50e6, 0.005);
      serve(600, true);
    }
    assertTrue(limit.limit() < 0.7 * before, before + " became " + limit.limit());
  }

  @Test
  void whatIsNotWantedSaysNothingOfTheBound() {
    server(2e9, 50e6, 0.005);
    serve(1000, false);
    assertEquals(8, limit.limit());
  }

  @Test
  void itNeverEndsEverything() {
    for (int i = 0; i < 100; i++) {
      limit.overloaded(i, i);
    }
    assertEquals(2, limit.limit());
    limit.restart(1000);
    assertEquals(8, limit.limit());
  }

  @Test
  void ofRequestsThatWereUnderWayTogetherOneCounts() {
    for (int i = 0; i < 8; i++) {
      limit.overloaded(i, 100 + i);
    }
    assertEquals(6, limit.limit());
    limit.overloaded(101, 200);
    assertEquals(4, limit.limit());
  }
}
