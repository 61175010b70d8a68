package io.datasetfs.store;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorCompletionService;
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

  /** Races {@code count} threads; fails as soon as one of them does, and then ends the others. */
  public static <T> List<T> race(int count, Racer<T> racer) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(count, Racers::newThread);
    try {
      CompletionService<T> finish = new ExecutorCompletionService<>(threads);
      CyclicBarrier start = new CyclicBarrier(count);
      List<Future<T>> results = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        results.add(
            finish.submit(
                () -> {
                  start.await();
                  return racer.run(number);
                }));
      }
      for (int i = 0; i < count; i++) {
        finish.take().get();
      }
      List<T> answers = new ArrayList<>();
      for (Future<T> result : results) {
        answers.add(result.get());
      }
      return answers;
    } finally {
      threads.shutdownNow();
    }
  }

  private static Thread newThread(Runnable racer) {
    Thread thread = new Thread(racer, "racer");
    thread.setDaemon(true);
    return thread;
  }
}
