package io.datasetfs.fuse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datasetfs.fs.FileSystem;
import io.datasetfs.fs.OpenFile;
import io.datasetfs.fs.SampleFileSystem;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Reads that wait for a storage provider keep nobody else waiting. */
@ParameterizedClass
@EnumSource(Transport.class)
@Timeout(60)
class BusyThreadsTest {
  @Parameter Transport transport;

  private static final int READERS = 20;

  @TempDir Path temporary;

  private static FileSystem waiting(SampleFileSystem fs, CountDownLatch until) {
    return (FileSystem)
        Proxy.newProxyInstance(
            FileSystem.class.getClassLoader(),
            new Class<?>[] {FileSystem.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("read") && arguments[0] instanceof OpenFile) {
                until.await();
              }
              try {
                return method.invoke(fs, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void readsThatWaitKeepNobodyElseWaiting() throws Exception {
    SampleFileSystem fs = new SampleFileSystem().directory("dir");
    for (int i = 0; i < READERS; i++) {
      fs.file("file" + i, 1000, i);
    }
    Path path = Files.createDirectory(temporary.toRealPath().resolve("mount"));
    CountDownLatch until = new CountDownLatch(1);
    List<CompletableFuture<String>> readers = new ArrayList<>();
    try (FuseMount mount =
        FuseMount.mount(waiting(fs, until), MountOptions.at(path).transport(transport).build())) {
      for (int i = 0; i < READERS; i++) {
        int number = i;
        readers.add(
            CompletableFuture.supplyAsync(
                () -> {
                  try {
                    return Shell.succeed(
                        "wc -c < \"$1\"/file" + number + "; cat \"$1\"/file" + number + " | wc -c",
                        path);
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                },
                task -> new Thread(task).start()));
      }
      try {
        Thread.sleep(1000); // for the readers to be there
        assertEquals(
            Integer.toString(READERS + 4),
            Shell.succeed("ls -la \"$1\" | wc -l", mount.mountpoint()).strip());
        Shell.succeed("df \"$1\" && stat \"$1\"/dir", path);
      } finally {
        until.countDown();
      }
      for (CompletableFuture<String> reader : readers) {
        assertEquals("1000\n1000\n", reader.join());
      }
    }
  }
}
