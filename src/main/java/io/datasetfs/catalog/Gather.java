package io.datasetfs.catalog;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Asks several at once, with threads that live as long as the asking. */
final class Gather {
  /** Enough where every answer takes a round trip. */
  static final int MANY = 16;

  private Gather() {}

  /**
   * What one of those asked said.
   *
   * @param value its answer, or {@code null} when it failed
   * @param failure why it failed, or {@code null}
   */
  record Answer<T>(T value, FsException failure) {}

  /**
   * Asks all; the answers are in the order of the questions.
   *
   * @param parallel how many at once, at most
   * @throws FsException INTERRUPTED; the thread's interrupt stays set
   */
  static <T> List<Answer<T>> all(List<Callable<T>> questions, int parallel) throws FsException {
    if (questions.size() < 2 || parallel == 1) {
      List<Answer<T>> answers = new ArrayList<>();
      for (Callable<T> question : questions) {
        answers.add(answer(question));
      }
      return answers;
    }
    AtomicInteger number = new AtomicInteger();
    ExecutorService threads =
        Executors.newFixedThreadPool(
            Math.min(parallel, questions.size()),
            task -> {
              Thread thread = new Thread(task, "dsfs-catalog-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Callable<Answer<T>>> tasks = new ArrayList<>();
      questions.forEach(question -> tasks.add(() -> answer(question)));
      List<Answer<T>> answers = new ArrayList<>();
      for (Future<Answer<T>> future : threads.invokeAll(tasks)) {
        answers.add(future.get());
      }
      return answers;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FsException(FailureKind.INTERRUPTED, "interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private static <T> Answer<T> answer(Callable<T> question) {
    try {
      return new Answer<>(question.call(), null);
    } catch (FsException e) {
      return new Answer<>(null, e);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
