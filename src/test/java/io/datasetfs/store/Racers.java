package io.datasetfs.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs the same thing in several threads that start together, and hands back what they answer. */
public final class Racers {
  private Racers() {}

  /** What one racer does. */
  @FunctionalInterface
  public interface Racer<T> {
    T run(int number) throws Exception;
  }

  /** Races {@code count} threads; fails when one of them does. */
  public static <T> List<T> race(int count, Racer<T> racer) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(count);
    try {
      CyclicBarrier start = new CyclicBarrier(count);
      List<Callable<T>> calls = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        calls.add(
            () -> {
              start.await();
              return racer.run(number);
            });
      }
      List<T> results = new ArrayList<>();
      for (Future<T> result : threads.invokeAll(calls)) {
        results.add(result.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }
}
