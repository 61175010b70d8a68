package io.datasetfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.store.Contents;
import io.datasetfs.store.ObjectStore;
import io.datasetfs.store.local.LocalObjectStore;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An interrupt ends an import, all of it. */
@Timeout(300)
final class InterruptedImportTest {
  private static final long PATIENCE_MILLIS = 60_000;

  @TempDir private Path temp;
  private Path source;

  @BeforeEach
  void makeSource() throws IOException {
    source = Files.createDirectory(temp.resolve("source"));
    RandomTree.fill(source, 3, 200);
    Files.write(source.resolve("large"), Contents.random(1, 60 << 20));
  }

  /** What an import that is interrupted after some time comes to; {@code null} when it is done. */
  private FsException interrupt(Imports imports, CountDownLatch begun, long nanos)
      throws InterruptedException {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread importing =
        new Thread(
            () -> {
              try {
                imports.of(source);
              } catch (Throwable e) {
                failure.set(e);
                if (!Thread.currentThread().isInterrupted()) {
                  failure.set(new AssertionError("the interrupt is forgotten", e));
                }
              }
            });
    importing.start();
    begun.await();
    TimeUnit.NANOSECONDS.sleep(nanos);
    importing.interrupt();
    importing.join(PATIENCE_MILLIS);
    assertFalse(importing.isAlive(), "still importing");
    Imports.assertNoThreadsLeft();
    Throwable thrown = failure.get();
    if (thrown == null) {
      return null;
    }
    assertTrue(thrown instanceof FsException, () -> "not expected: " + describe(thrown));
    return (FsException) thrown;
  }

  private static String describe(Throwable thrown) {
    java.io.StringWriter text = new java.io.StringWriter();
    thrown.printStackTrace(new java.io.PrintWriter(text));
    return text.toString();
  }

  @Test
  void atAnyTime() throws Exception {
    Random random = new Random(5);
    int interrupted = 0;
    for (int i = 0; i < 40; i++) {
      try (LocalObjectStore store = LocalObjectStore.open(temp.resolve("store" + i % 8))) {
        FsException failure =
            interrupt(new Imports(store), new CountDownLatch(0), random.nextInt(500_000_000));
        if (failure != null) {
          assertEquals(FailureKind.INTERRUPTED, failure.kind(), describe(failure));
          interrupted++;
        }
      }
    }
    assertTrue(interrupted >= 10, "interrupted: " + interrupted);
    try (LocalObjectStore store = LocalObjectStore.open(temp.resolve("store0"))) {
      new Imports(store).ofAndCompare(source);
    }
  }

  @Test
  void whileTheStoreDoesNotAnswer() throws Exception {
    for (String method : new String[] {"list", "putIfAbsent"}) {
      CountDownLatch hanging = new CountDownLatch(1);
      try (LocalObjectStore local = LocalObjectStore.open(temp.resolve("store"))) {
        ObjectStore store = hangingIn(local, method, hanging);
        FsException failure = interrupt(new Imports(store), hanging, 1_000_000);
        assertEquals(FailureKind.INTERRUPTED, failure.kind(), describe(failure));
        new Imports(local).ofAndCompare(source);
        Files.write(source.resolve("new"), Contents.random(9, 1_000_000));
      }
    }
  }

  private static ObjectStore hangingIn(ObjectStore store, String name, CountDownLatch hanging) {
    return (ObjectStore)
        Proxy.newProxyInstance(
            ObjectStore.class.getClassLoader(),
            new Class<?>[] {ObjectStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals(name)) {
                hanging.countDown();
                try {
                  Thread.sleep(10 * PATIENCE_MILLIS);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                  throw new FsException(FailureKind.INTERRUPTED, "Interrupted", e);
                }
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
