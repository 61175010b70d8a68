package io.datasetfs.fuse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.fs.WritableSample;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs that write to a mounted uncommitted version. */
@ParameterizedClass
@EnumSource(Transport.class)
class WritingMountTest {
  private static final int PAGE = 4096;

  @Parameter Transport transport;
  @TempDir Path home;

  private WritableSample sample;
  private FuseMount mount;
  private Path mountpoint;
  private Path place;

  @BeforeEach
  void mount() throws Exception {
    sample = new WritableSample(home);
    mountpoint = Files.createTempDirectory("dsfs writing ").toRealPath();
    mount =
        FuseMount.mount(
            sample.fileSystem(), MountOptions.at(mountpoint).transport(transport).build());
    place = mountpoint.resolve(sample.path());
  }

  @AfterEach
  void unmount() throws Exception {
    mount.close();
    sample.close();
    Files.delete(mountpoint);
  }

  private static FileChannel open(Path path) throws Exception {
    return FileChannel.open(
        path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void whatIsMappedIsTheFile() throws Exception {
    Path path = place.resolve("mapped");
    Files.write(path, new byte[10 * PAGE]);
    try (FileChannel file = open(path)) {
      MappedByteBuffer shared = file.map(MapMode.READ_WRITE, 0, 10 * PAGE);
      MappedByteBuffer own = file.map(MapMode.PRIVATE, 0, 10 * PAGE);
      shared.put(3 * PAGE - 2, bytes("mapped"));
      shared.force();
      own.put(0, bytes("private"));
      ByteBuffer read = ByteBuffer.allocate(6);
      file.read(read, 3 * PAGE - 2);
      assertArrayEquals(bytes("mapped"), read.array());
      file.write(ByteBuffer.wrap(bytes("written")), 5 * PAGE);
      byte[] seen = new byte[7];
      shared.get(5 * PAGE, seen);
      assertArrayEquals(bytes("written"), seen);
    }
    byte[] content = Files.readAllBytes(path);
    assertEquals(10 * PAGE, content.length);
    assertEquals(0, content[0]);
    assertEquals("mapped", new String(content, 3 * PAGE - 2, 6, StandardCharsets.UTF_8));
  }

  @Test
  void locksHoldBetweenProcesses() throws Exception {
    Path path = place.resolve("locked");
    String fcntl =
        "perl -e 'use Fcntl; open(F, \"+<\", $ARGV[0]); "
            + "my $lock = pack(\"s s l! l! i\", F_WRLCK, 0, 0, 0, 0); "
            + "print fcntl(F, F_SETLK, $lock) ? 1 : 0' \"$1\"";
    try (FileChannel file = open(path)) {
      FileLock lock = file.tryLock();
      assertNotNull(lock);
      assertEquals("0", Shell.succeed(fcntl, path));
      lock.release();
      assertEquals("1", Shell.succeed(fcntl, path));
    }
    String flock =
        "exec 9< \"$1\"; flock -n 9 && (exec 8< \"$1\"; flock -n 8 || echo refused); "
            + "flock -u 9; flock -n \"$1\" echo granted";
    assertEquals("refused\ngranted\n", Shell.succeed(flock, path));
  }

  @Test
  void severalProcessesAppend() throws Exception {
    String line =
        "for w in 1 2 3 4; do (for i in $(seq 200); do echo $w-$i >> \"$1/log\"; done) & done; "
            + "wait; sort -u \"$1/log\" | wc -l";
    assertEquals("800\n", Shell.succeed(line, place));
    assertEquals(800, Files.readAllLines(place.resolve("log")).size());
  }

  @Test
  void aListingStaysRightWhileEntriesComeAndGo() throws Exception {
    Set<String> stay = new TreeSet<>();
    for (int i = 0; i < 3000; i++) {
      String name = String.format("%05d-%s", i, "x".repeat(50));
      Files.createFile(place.resolve(name));
      if (i % 3 == 0) {
        stay.add(name);
      }
    }
    List<String> listed = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(place)) {
      int seen = 0;
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        listed.add(name);
        if (seen++ < 1000) {
          Path victim = place.resolve(String.format("%05d-%s", 3 * seen - 1, "x".repeat(50)));
          Files.deleteIfExists(victim);
          Files.createFile(place.resolve("new-" + seen));
          Files.move(
              place.resolve(String.format("%05d-%s", 3 * seen - 2, "x".repeat(50))),
              place.resolve("moved-" + seen));
        }
      }
    }
    assertEquals(listed.size(), Set.copyOf(listed).size(), "nothing twice");
    assertTrue(listed.containsAll(stay), "nothing is missing that was there all the time");
    Shell.succeed("rm -r \"$1\"/*", place);
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(place)) {
      assertTrue(!entries.iterator().hasNext());
    }
  }

  @Test
  void aFileThatIsReplacedIsThereAllTheTime() throws Exception {
    String line =
        "cd \"$1\"; echo 0 > f; "
            + "(for i in $(seq 500); do echo $i > g && mv g f; done) & "
            + "for i in $(seq 500); do cat f > /dev/null || echo missing; done; wait; cat f";
    if (transport == Transport.KERNEL) {
      assertEquals("500\n", Shell.succeed(line, place));
    } else {
      // libfuse 2 makes a path of what was looked up before, and may find none
      assertTrue(Shell.run(line, place).text().endsWith("500\n"));
    }
  }

  @Test
  void aDirectoryThatIsRemovedUnderSomebodyIsEmpty() throws Exception {
    String line =
        "mkdir \"$1/d\"; cd \"$1/d\"; rmdir \"$1/d\"; ls -a; stat -c %h .; touch x 2>&1 || true";
    if (transport == Transport.KERNEL) {
      assertEquals(Shell.succeed(line, home), Shell.succeed(line, place));
    } else {
      String errors = Shell.run(line, place).errors();
      assertTrue(errors.contains("No such file or directory"), errors);
    }
  }

  @Test
  void directWritesAndReads() throws Exception {
    String line =
        "dd if=/dev/urandom of=\"$1/a\" bs=1M count=5 oflag=direct status=none; "
            + "dd if=\"$1/a\" of=\"$1/b\" bs=64k iflag=direct status=none; "
            + "cmp \"$1/a\" \"$1/b\"; stat -c %s \"$1/b\"";
    assertEquals("5242880\n", Shell.succeed(line, place));
  }

  @Test
  void treesAreCopied() throws Exception {
    String line =
        "cd \"$1\"; mkdir -p t/a/b; echo 1 > t/a/one; ln t/a/one t/two; ln -s a/one t/link; "
            + "mkfifo t/pipe; chmod 2750 t/a; "
            + "setfattr -n user.note -v hello t/a/one; "
            + "find t -depth -exec touch -h -d @1000000000 {} +; "
            + "cp -a t u; rsync -aHX t/ v/; tar -C t -cf - . | (mkdir w; tar -C w -xf -); "
            + "for d in u v w; do diff <(cd t; find . -printf '%p %m %n %l %y %T@\\n' | sort) "
            + "<(cd $d; find . -printf '%p %m %n %l %y %T@\\n' | sort); done; "
            + "getfattr --only-values -n user.note v/a/one";
    assertEquals("hello", Shell.succeed(line, place));
  }

  @Test
  void theTopsTakeNothing() throws Exception {
    Shell.Result result = Shell.run("mkdir \"$1/new\"", place.getParent());
    assertTrue(result.errors().contains("Read-only file system"), result.errors());
    result = Shell.run("mv \"$1\" \"$1-other\"", place);
    assertTrue(result.errors().contains("Read-only file system"), result.errors());
    result = Shell.run("rmdir \"$1\"", place);
    assertTrue(result.errors().contains("Read-only file system"), result.errors());
  }
}
