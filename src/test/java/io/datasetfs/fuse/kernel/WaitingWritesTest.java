package io.datasetfs.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.fs.FileChanges;
import io.datasetfs.fs.FileSystem;
import io.datasetfs.fs.WritableSample;
import io.datasetfs.fuse.MountOptions;
import io.datasetfs.fuse.Mountpoints;
import io.datasetfs.fuse.Owner;
import io.datasetfs.fuse.Shell;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes that a disk does not take, and their size. */
class WaitingWritesTest {
  private static final int WRITERS = KernelSession.MOST_WRITES + 20;

  @TempDir Path home;

  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger largest = new AtomicInteger();
  private final CountDownLatch disk = new CountDownLatch(1);
  private volatile boolean stuck;

  private WritableSample sample;
  private Path mountpoint;
  private Path place;
  private KernelConnection connection;

  @BeforeEach
  void mount() throws Exception {
    sample = new WritableSample(home);
    FileSystem inner = sample.fileSystem();
    FileChanges changes =
        proxy(
            FileChanges.class,
            (method, arguments) -> {
              if (method.getName().equals("write")) {
                largest.accumulateAndGet(((ByteBuffer) arguments[2]).remaining(), Math::max);
                if (stuck) {
                  waiting.incrementAndGet();
                  disk.await();
                }
              }
              return call(inner.changes(), method, arguments);
            });
    FileSystem fs =
        proxy(
            FileSystem.class,
            (method, arguments) ->
                method.getName().equals("changes") ? changes : call(inner, method, arguments));
    mountpoint = Files.createTempDirectory("dsfs writes ").toRealPath();
    connection =
        KernelConnection.mount(
            fs, mountpoint, MountOptions.at(mountpoint).build(), new Owner(0, 0, 0), "this");
    place = mountpoint.resolve(sample.path());
  }

  @AfterEach
  void unmount() throws Exception {
    disk.countDown();
    Mountpoints.unmount(mountpoint, false);
    connection.awaitEnd();
    sample.close();
    Files.delete(mountpoint);
  }

  /** What is done instead of a call. */
  private interface Instead {
    Object run(Method method, Object[] arguments) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Instead instead) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> instead.run(method, arguments)));
  }

  private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @Test
  void aWriteIsOneRequestUpToAMebibyte() throws Exception {
    Shell.succeed("dd if=/dev/zero of=\"$1/f\" bs=4M count=1 status=none", place);
    assertEquals(1 << 20, largest.get());
  }

  @Test
  void theyLeaveThreadsForEverythingElse() throws Exception {
    Files.writeString(place.resolve("read"), "me");
    stuck = true;
    List<Process> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      writers.add(
          new ProcessBuilder("dd", "if=/dev/zero", "of=" + place + "/w" + i, "bs=1M", "count=1")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start());
    }
    try {
      while (waiting.get() < KernelSession.MOST_WRITES) {
        Thread.sleep(5);
      }
      Shell.succeed("dd if=\"$1/read\" iflag=direct status=none; ls -l \"$1\"; df \"$1\"", place);
      assertEquals(KernelSession.MOST_WRITES, waiting.get());
      disk.countDown();
      for (Process writer : writers) {
        assertTrue(writer.waitFor(1, TimeUnit.MINUTES));
        assertEquals(0, writer.exitValue());
      }
    } finally {
      disk.countDown();
      writers.forEach(Process::destroyForcibly);
    }
    try (Stream<Path> all = Files.list(place)) {
      for (Path path : all.filter(p -> p.getFileName().toString().startsWith("w")).toList()) {
        assertEquals(1 << 20, Files.size(path));
      }
    }
  }
}
