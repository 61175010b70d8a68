package io.datasetfs.fs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.nio.file.ExtendedOpenOption;
import io.datasetfs.catalog.Dataset;
import io.datasetfs.fuse.FuseMount;
import io.datasetfs.fuse.MountOptions;
import io.datasetfs.model.VersionRecord;
import io.datasetfs.read.Model;
import io.datasetfs.read.fetch.FetchSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real mount of a store that gives no answers. */
@Timeout(180)
class HangingStoreTest {
  /** More than reads may occupy threads. */
  private static final int READERS = 300;

  private static final int BYTES = 8192;

  @TempDir Path temporary;

  private FsFixture fixture;
  private FuseMount mount;
  private Path version;

  private static byte[] content(int number) {
    byte[] bytes = new byte[BYTES];
    new Random(number).nextBytes(bytes);
    return bytes;
  }

  private void mount(int files, FetchSettings settings) throws Exception {
    fixture = new FsFixture(temporary, Map.of(), Freshness.LOCAL, Duration.ofHours(1), settings);
    Model.Directory all = new Model.Directory();
    for (int i = 0; i < files; i++) {
      all.with("file" + i, Model.File.of(content(i)));
    }
    Dataset dataset = fixture.create("data", "");
    VersionRecord record = fixture.publish(dataset, "", all);
    Path path = Files.createDirectory(temporary.toRealPath().resolve("mount"));
    mount = FuseMount.mount(fixture.fs, MountOptions.at(path).build());
    version = path.resolve(dataset.id().value()).resolve(record.id().value());
    run("ls -l " + version); // the pages of the tree are near now
  }

  @AfterEach
  void unmount() throws Exception {
    fixture.held.release();
    mount.close();
    fixture.close();
  }

  private static Process start(String line) throws IOException {
    return new ProcessBuilder("bash", "-c", line).redirectErrorStream(true).start();
  }

  private static String run(String line) throws Exception {
    Process process = start(line);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), line);
    assertEquals(0, process.exitValue(), line + ": " + output);
    return output;
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - end < 0, "it does not come");
      Thread.sleep(5);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "INT, cat",
    "KILL, cat",
    // past the kernel's cache: the kernel keeps the process until there is an answer
    "TERM, dd iflag=direct bs=4096 if=",
    "KILL, dd iflag=direct bs=4096 if="
  })
  void whoIsKilledWhileReadingEndsAndNothingIsFetchedForHim(String signal, String command)
      throws Exception {
    mount(2, FetchSettings.defaults());
    fixture.held.hold();
    String space = command.endsWith("=") ? "" : " ";
    Process reader = start("exec " + command + space + version + "/file0");
    await(() -> fixture.held.held() > 0);
    run("kill -" + signal + " " + reader.pid());
    assertTrue(reader.waitFor(30, TimeUnit.SECONDS), "it does not end");
    await(() -> fixture.held.held() == 0 && fixture.fetcher.isQuiet());
    fixture.held.release();
    for (int i = 0; i < 2; i++) {
      assertArrayEquals(content(i), Files.readAllBytes(version.resolve("file" + i)));
    }
  }

  @Test
  void aReadThatIsNotServedFailsInTimeAndLaterSucceeds() throws Exception {
    mount(1, FetchSettings.defaults().withDeadline(Duration.ofSeconds(1)));
    fixture.held.hold();
    Process reader = start("cat " + version + "/file0");
    String output = new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(1, reader.waitFor());
    assertTrue(output.contains("Input/output error"), output);
    fixture.held.release();
    await(
        () -> {
          try {
            assertArrayEquals(content(0), Files.readAllBytes(version.resolve("file0")));
            return true;
          } catch (IOException e) {
            return false;
          }
        });
  }

  @Test
  void howeverManyReadsHangListingsAreAnswered() throws Exception {
    mount(READERS, FetchSettings.defaults().withDeadline(Duration.ofMinutes(5)));
    fixture.held.hold();
    List<FutureTask<byte[]>> readers = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      Path file = version.resolve("file" + i);
      FutureTask<byte[]> reader = new FutureTask<>(() -> readDirectly(file));
      Thread thread = new Thread(reader, "reader-" + i);
      thread.setDaemon(true);
      thread.start();
      readers.add(reader);
    }
    await(() -> fuseThreads() >= 256);
    assertEquals(READERS + "\n", run("ls -l " + version + " | grep -c file"));
    run("stat " + version + "/file7");
    run("df " + mount.mountpoint());
    fixture.held.release();
    for (int i = 0; i < READERS; i++) {
      assertArrayEquals(content(i), readers.get(i).get(60, TimeUnit.SECONDS), "file " + i);
    }
  }

  private static long fuseThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("dsfs-fuse-"))
        .count();
  }

  /** Past the kernel's cache: each read is one of its requests, and it bounds none of them. */
  private static byte[] readDirectly(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, ExtendedOpenOption.DIRECT)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES + 4096).alignedSlice(4096);
      channel.read(buffer.limit(BYTES), 0);
      byte[] bytes = new byte[buffer.flip().remaining()];
      buffer.get(bytes);
      return bytes;
    }
  }
}
