package io.datasetfs.store.s3;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.store.ObjectStore;
import io.datasetfs.store.StoredObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Races writers against each other: of those that create the same object one may succeed, and of
 * those that replace the same one, one.
 */
final class S3Races {
  private static final int WRITERS = 8;
  private static final int ROUNDS = 12;
  private static final long START_SECONDS = 60;

  private final ObjectStore store;
  private final String directory;
  private final S3Settings settings;

  S3Races(ObjectStore store, String directory, S3Settings settings) {
    this.store = store;
    this.directory = directory;
    this.settings = settings;
  }

  /** What became of one writer's attempt. */
  private enum Outcome {
    WON,
    LOST,
    /** The server gave an error; whether it wrote is not known. */
    OPEN
  }

  void run() throws FsException {
    ExecutorService threads =
        Executors.newFixedThreadPool(
            WRITERS,
            runnable -> {
              Thread thread = new Thread(runnable, "dsfs-probe");
              thread.setDaemon(true);
              return thread;
            });
    try {
      for (int round = 0; round < ROUNDS; round++) {
        String key = directory + "race-" + round;
        decided(key, race(threads, writer -> store.putIfAbsent(key, content(writer, key))), true);
        StoredObject known = require(key);
        String tag = known.entityTag();
        decided(
            key,
            race(threads, writer -> store.replaceIfMatch(key, tag, content(writer, tag))),
            false);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<ByteBuffer> content(int writer, String salt) {
    return S3Probe.pieces((writer + " " + salt).getBytes(StandardCharsets.UTF_8));
  }

  /** One writer at most has won, and it is its content that is there. */
  private void decided(String key, List<Outcome> outcomes, boolean creating) throws FsException {
    List<Integer> winners = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      if (outcomes.get(i) == Outcome.WON) {
        winners.add(i);
      }
    }
    String header = creating ? "If-None-Match" : "If-Match";
    if (winners.size() > 1) {
      throw S3Probe.refused(
          settings,
          "%d of %d racing writers were told that their write with %s won: it would lose commits"
              .formatted(winners.size(), WRITERS, header));
    }
    if (winners.isEmpty() && !outcomes.contains(Outcome.OPEN)) {
      throw S3Probe.refused(
          settings,
          "all of %d racing writers were told that their write with %s lost"
              .formatted(WRITERS, header));
    }
    String there = new String(require(key).content(), StandardCharsets.UTF_8);
    if (winners.size() == 1 && !there.startsWith(winners.get(0) + " ")) {
      throw S3Probe.refused(
          settings,
          "a write with %s was lost to another that raced with it: it would lose commits"
              .formatted(header));
    }
  }

  private StoredObject require(String key) throws FsException {
    return store
        .find(key)
        .orElseThrow(() -> S3Probe.refused(settings, "an object that was written is not there"));
  }

  @FunctionalInterface
  private interface Attempt {
    Optional<String> write(int writer) throws FsException;
  }

  private static List<Outcome> race(ExecutorService threads, Attempt attempt) throws FsException {
    CyclicBarrier start = new CyclicBarrier(WRITERS);
    List<Future<Outcome>> running = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      int writer = i;
      running.add(
          threads.submit(
              () -> {
                start.await(START_SECONDS, TimeUnit.SECONDS);
                return outcome(attempt, writer);
              }));
    }
    List<Outcome> outcomes = new ArrayList<>();
    try {
      for (Future<Outcome> one : running) {
        outcomes.add(one.get(2 * START_SECONDS, TimeUnit.SECONDS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FsException(FailureKind.INTERRUPTED, "interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FsException failure) {
        throw failure;
      }
      throw new IllegalStateException(e);
    } catch (TimeoutException e) {
      throw new FsException(
          FailureKind.UNAVAILABLE, "Racing writers got no answer from the server in time", e);
    }
    return outcomes;
  }

  private static Outcome outcome(Attempt attempt, int writer) throws FsException {
    try {
      return attempt.write(writer).isPresent() ? Outcome.WON : Outcome.LOST;
    } catch (FsException e) {
      if (e.kind() == FailureKind.STATE_UNKNOWN || e.kind() == FailureKind.UNAVAILABLE) {
        return Outcome.OPEN;
      }
      throw e;
    }
  }
}
