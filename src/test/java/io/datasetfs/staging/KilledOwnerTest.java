package io.datasetfs.staging;

import static io.datasetfs.staging.Areas.at;
import static io.datasetfs.staging.Areas.list;
import static io.datasetfs.staging.Areas.read;
import static io.datasetfs.staging.Areas.readBytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FsException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process that owned an area had been told was done is there when it was killed. */
class KilledOwnerTest {
  private static final int ROUNDS = 6;

  @TempDir private Path temp;

  @Test
  void allThatWasAcknowledgedIsThere() throws Exception {
    Areas.create(temp).close();
    Random random = new Random(3);
    List<Integer> acknowledged = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      acknowledged.add(runAndKill(round, 100 + random.nextInt(6000)));
      try (StagedVersion version = Areas.open(temp)) {
        for (int before = 0; before <= round; before++) {
          verify(version, "round" + before, acknowledged.get(before));
        }
      }
    }
  }

  /** The last step that the child said was done. */
  private int runAndKill(int round, int upTo) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Djnr.ffi.x86asm.enabled=false",
            "-cp",
            System.getProperty("java.class.path"),
            KilledOwnerTest.class.getName(),
            temp.toString(),
            "round" + round);
    Process child = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    int last = -1;
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last = Integer.parseInt(line);
        if (last == upTo) {
          child.toHandle().destroyForcibly(); // unlike the process's own, lets its output be read
        }
      }
    } finally {
      child.destroyForcibly().waitFor();
    }
    assertTrue(last >= upTo, "the child ended by itself");
    return last;
  }

  /** Each step of a round left what it should; the one after the last may have begun. */
  private static void verify(StagedVersion version, String round, int last) throws FsException {
    StagedInode directory = at(version, round);
    int names = 0;
    for (int i = 0; i <= last; i++) {
      if (i % 5 == 0) {
        continue; // removed again
      }
      StagedInode file = version.lookup(directory, (i % 3 == 0 ? "renamed" : "file") + i);
      assertArrayEquals(content(i), readBytes(version, file), round + " step " + i);
      assertEquals(i, version.attributes(file).uid());
      names++;
    }
    int there = list(version, directory).size();
    assertTrue(there == names || there == names + 1, there + " names, not " + names);
    String log = read(version, at(version, round + ".log"));
    assertTrue(log.matches("[+]*"), "holes in the log");
    assertTrue(log.length() == last + 1 || log.length() == last + 2, "log of " + log.length());
  }

  private static byte[] content(int step) {
    return BaseFixture.random(step, step * 37 % 9000);
  }

  /** The child: DIRECTORY ROUND. */
  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (StagedVersion version = Areas.open(Path.of(arguments[0]))) {
      StagedInode root = version.root();
      StagedInode directory = version.makeDirectory(root, arguments[1], 0755, Areas.ROOT);
      StagedFile log =
          version.create(root, arguments[1] + ".log", 0644, Areas.ROOT, OpenMode.WRITE);
      for (int i = 0; i < 1_000_000; i++) {
        step(version, directory, i);
        log.append(ByteBuffer.wrap(new byte[] {'+'}));
        out.println(i);
      }
    }
  }

  private static void step(StagedVersion version, StagedInode directory, int i) throws FsException {
    Creator creator = new Creator(i, 0);
    try (StagedFile file = version.create(directory, "file" + i, 0644, creator, OpenMode.WRITE)) {
      file.write(0, ByteBuffer.wrap(content(i)));
    }
    if (i % 5 == 0) {
      version.unlink(directory, "file" + i);
    } else if (i % 3 == 0) {
      version.rename(directory, "file" + i, directory, "renamed" + i, RenameMode.REPLACE);
    }
  }
}
