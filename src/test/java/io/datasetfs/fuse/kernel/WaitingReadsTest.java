package io.datasetfs.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.nio.file.ExtendedOpenOption;
import io.datasetfs.fs.SampleFileSystem;
import io.datasetfs.fuse.Shell;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.read.fetch.OnBehalf;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reads that wait: for whom, how many, how long. */
@Timeout(120)
class WaitingReadsTest {
  private static final int READERS = KernelSession.MOST_READS + KernelSession.MOST_THREADS;
  private static final int PAGE = 4096;

  private static byte[] readDirectly(Watched mount, int number) throws Exception {
    try (FileChannel file =
        FileChannel.open(
            mount.path("file" + number), StandardOpenOption.READ, ExtendedOpenOption.DIRECT)) {
      ByteBuffer bytes = ByteBuffer.allocateDirect(2 * PAGE).alignedSlice(PAGE).limit(PAGE);
      assertTrue(file.read(bytes) >= 0);
      byte[] read = new byte[bytes.flip().remaining()];
      bytes.get(read);
      return read;
    }
  }

  @Test
  void moreReadsThanThreadsKeepNobodyWaiting() throws Exception {
    SampleFileSystem fs = new SampleFileSystem().directory("dir");
    for (int i = 0; i < READERS; i++) {
      fs.file("file" + i, 1000, i);
    }
    CountDownLatch until = new CountDownLatch(1);
    AtomicInteger waiting = new AtomicInteger();
    ExecutorService readers = Executors.newFixedThreadPool(READERS);
    try (Watched mount =
        new Watched(
            fs,
            () -> {
              waiting.incrementAndGet();
              until.await();
            })) {
      List<Future<byte[]>> all = new ArrayList<>();
      try {
        for (int i = 0; i < READERS; i++) {
          int number = i;
          all.add(readers.submit(() -> readDirectly(mount, number)));
        }
        while (waiting.get() < KernelSession.MOST_READS || mount.calls("open") < READERS) {
          Thread.sleep(10);
        }
        assertEquals(READERS + 4 + "\n", Shell.succeed("ls -la \"$1\" | wc -l", mount.path("")));
        Shell.succeed("df \"$1\" && stat \"$1\"/dir", mount.path(""));
        assertEquals(KernelSession.MOST_READS, waiting.get());
      } finally {
        until.countDown();
      }
      for (int i = 0; i < READERS; i++) {
        assertArrayEquals(SampleFileSystem.content(i, 0, 1000), all.get(i).get());
      }
    } finally {
      readers.shutdownNow();
    }
  }

  @Test
  void whoIsKilledEndsTheReadThatWaitsForHim() throws Exception {
    AtomicInteger waiting = new AtomicInteger();
    AtomicInteger interrupted = new AtomicInteger();
    Watched.BeforeRead before =
        () -> {
          waiting.incrementAndGet();
          while (!isAbandoned()) {
            Thread.sleep(5);
          }
          interrupted.incrementAndGet();
          throw new FsException(FailureKind.INTERRUPTED, "nobody waits");
        };
    try (Watched mount = new Watched(new SampleFileSystem().file("file0", 100_000, 1), before)) {
      Process reader =
          new ProcessBuilder(
                  "dd", "if=" + mount.path("file0"), "of=/dev/null", "bs=4096", "iflag=direct")
              .start();
      while (waiting.get() == 0) {
        Thread.sleep(5);
      }
      assertEquals(0, interrupted.get());
      reader.destroy();
      assertEquals(143, reader.waitFor());
      assertEquals(1, interrupted.get());
      assertEquals(1, waiting.get());
    }
  }

  private static boolean isAbandoned() {
    return ((OnBehalf) Thread.currentThread()).isAbandoned();
  }

  @Test
  void aSignalThatIsHandledFailsNoRead() throws Exception {
    AtomicInteger reads = new AtomicInteger();
    Watched.BeforeRead before =
        () -> {
          if (reads.incrementAndGet() == 1) {
            Thread.sleep(2000); // the signal comes meanwhile
            assertFalse(isAbandoned());
          }
        };
    try (Watched mount = new Watched(new SampleFileSystem().file("file0", 1000, 1), before)) {
      String script =
          "use Fcntl; $SIG{ALRM} = sub { print qq(alarm\\n) }; alarm 1; "
              + "sysopen(my $f, $ARGV[0], O_RDONLY | Fcntl::O_DIRECT()) or die $!; "
              + "my $n = sysread($f, my $b, 4096); print defined $n ? $n : $!, qq(\\n)";
      String printed = Shell.succeed("perl -e \"$1\" \"$2\"", script, mount.path("file0"));
      assertEquals("alarm\n1000\n", printed);
      assertEquals(1, reads.get());
    }
  }
}
