package io.datasetfs.fuse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.fs.SampleFileSystem;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What processes read through a mount is what the file system has. */
@ParameterizedClass
@EnumSource(Transport.class)
class ReadingTest {
  private static final long BIG = (5L << 30) + 4321;
  private static final int MIDDLE = 7_654_321;

  private static Mounted mounted;

  @Parameter Transport transport;

  @BeforeParameterizedClassInvocation
  static void mount(Transport transport) throws Exception {
    SampleFileSystem fs =
        new SampleFileSystem()
            .file("empty", 0, 0)
            .file("one", 1, 1)
            .file("page", 4096, 2)
            .file("middle", MIDDLE, 3)
            .file("big", BIG, 4)
            .file("again", 300_000, 5)
            .mutableFile("changing", 300_000, 6);
    for (int i = 0; i < 50; i++) {
      fs.file("a/b/c/small-" + i, 1000 + i, i);
    }
    mounted = Mounted.with(transport, fs);
  }

  @AfterParameterizedClassInvocation
  static void unmount() throws Exception {
    mounted.close();
    assertEquals(0, mounted.fs().openFiles());
  }

  @Test
  void catGivesEveryByte() throws Exception {
    assertEquals(0, Shell.run("cat \"$1\"", mounted.path("empty")).bytes().length);
    assertArrayEquals(
        SampleFileSystem.content(1, 0, 1), Shell.run("cat \"$1\"", mounted.path("one")).bytes());
    assertArrayEquals(
        SampleFileSystem.content(2, 0, 4096),
        Shell.run("cat \"$1\"", mounted.path("page")).bytes());
    assertArrayEquals(
        SampleFileSystem.content(3, 0, MIDDLE),
        Shell.run("cat \"$1\"", mounted.path("middle")).bytes());
  }

  @Test
  void checksumsAgree() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(SampleFileSystem.content(3, 0, MIDDLE));
    String expected = String.format("%064x", new BigInteger(1, digest.digest()));
    String line = Shell.succeed("sha256sum \"$1\"", mounted.path("middle"));
    assertTrue(line.startsWith(expected), line);
  }

  @Test
  void oddOffsetsAndLengths() throws Exception {
    for (int offset : new int[] {0, 1, 4095, 131_071, 1_000_003, MIDDLE - 10, MIDDLE + 10}) {
      int expected = Math.max(0, Math.min(77_777, MIDDLE - offset));
      byte[] read =
          Shell.run(
                  "dd if=\"$1\" iflag=skip_bytes bs=77777 count=1 skip=$2 status=none",
                  mounted.path("middle"),
                  offset)
              .bytes();
      assertArrayEquals(SampleFileSystem.content(3, offset, expected), read);
    }
  }

  @Test
  void beyondFourGibibytes() throws Exception {
    assertEquals(BIG + "\n", Shell.succeed("stat -c %s \"$1\"", mounted.path("big")));
    for (long offset : new long[] {(2L << 30) - 5, (4L << 30) - 5, BIG - 10}) {
      int expected = (int) Math.min(100_000, BIG - offset);
      byte[] read =
          Shell.run(
                  "dd if=\"$1\" iflag=skip_bytes,fullblock bs=100000 count=1 skip=$2 status=none",
                  mounted.path("big"),
                  offset)
              .bytes();
      assertArrayEquals(SampleFileSystem.content(4, offset, expected), read);
    }
  }

  @Test
  void manyReadersAtOnce() throws Exception {
    ExecutorService readers = Executors.newFixedThreadPool(8);
    try {
      List<Future<byte[]>> results = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int file = i % 50;
        results.add(readers.submit(() -> Files.readAllBytes(mounted.path("a/b/c/small-" + file))));
      }
      for (int i = 0; i < 200; i++) {
        int file = i % 50;
        assertArrayEquals(SampleFileSystem.content(file, 0, 1000 + file), results.get(i).get());
      }
      List<Future<byte[]>> parts = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        long offset = i * 60_000_007L;
        parts.add(readers.submit(() -> part(offset, 500_000)));
      }
      for (int i = 0; i < 64; i++) {
        byte[] expected = SampleFileSystem.content(4, i * 60_000_007L, 500_000);
        assertArrayEquals(expected, parts.get(i).get());
      }
    } finally {
      readers.shutdownNow();
    }
  }

  private static byte[] part(long offset, int length) throws Exception {
    try (FileChannel channel = FileChannel.open(mounted.path("big"))) {
      ByteBuffer bytes = ByteBuffer.allocate(length);
      while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) > 0) {
        // until it is full
      }
      return bytes.array();
    }
  }

  @Test
  void theKernelKeepsThePagesOfWhatNeverChanges() throws Exception {
    Shell.succeed("cat \"$1\" > /dev/null; cat \"$1\" > /dev/null", mounted.path("again"));
    long before = mounted.fs().reads();
    Shell.succeed("cat \"$1\" > /dev/null", mounted.path("again"));
    assertEquals(before, mounted.fs().reads());
  }

  @Test
  void theKernelAsksAnewForWhatMayChange() throws Exception {
    Shell.succeed("cat \"$1\" > /dev/null; cat \"$1\" > /dev/null", mounted.path("changing"));
    long before = mounted.fs().reads();
    Shell.succeed("cat \"$1\" > /dev/null", mounted.path("changing"));
    assertTrue(mounted.fs().reads() > before);
  }

  @Test
  void largeReadsArriveInLargeRequests() throws Exception {
    Shell.succeed("dd if=\"$1\" of=/dev/null bs=1M count=8 status=none", mounted.path("big"));
    assertEquals(transport == Transport.KERNEL ? 1 << 20 : 128 << 10, mounted.fs().largestRead());
  }

  @Test
  void whatIsMappedIsRead() throws Exception {
    try (FileChannel channel = FileChannel.open(mounted.path("middle"))) {
      ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 12_345, 1_000_000);
      assertEquals(ByteBuffer.wrap(SampleFileSystem.content(3, 12_345, 1_000_000)), mapped);
    }
  }
}
