package io.datasetfs.staging;

import static io.datasetfs.staging.Areas.ROOT;
import static io.datasetfs.staging.Areas.list;
import static io.datasetfs.staging.Areas.readBytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.read.Model;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many threads that change the same directories and files. */
class ConcurrentChangesTest {
  private static final int THREADS = 8;
  private static final int STEPS = 3000;
  private static final int PAGES = 500;
  private static final Set<FailureKind> EXPECTED =
      Set.of(
          FailureKind.NOT_FOUND,
          FailureKind.EXISTS,
          FailureKind.NOT_EMPTY,
          FailureKind.IS_DIRECTORY,
          FailureKind.NOT_DIRECTORY,
          FailureKind.INVALID);

  private static final List<RenameMode> MODES = List.of(RenameMode.values());

  @TempDir private Path temp;

  private interface Task {
    void run(int thread) throws Exception;
  }

  private static void inThreads(Task task) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        int thread = t;
        running.add(
            threads.submit(
                () -> {
                  task.run(thread);
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void linksAndEntriesStayCounted() throws Exception {
    Areas.create(temp).close();
    for (int round = 0; round < 2; round++) {
      long seed = round;
      try (StagedVersion version = Areas.open(temp)) {
        inThreads(thread -> change(version, new Random(seed * THREADS + thread)));
        verify(version, version.root());
      }
    }
    try (StagedVersion version = Areas.open(temp)) {
      verify(version, version.root());
      removeAll(version, version.root());
      assertEquals(2, version.attributes(version.root()).links());
    }
  }

  private static void change(StagedVersion version, Random random) throws FsException {
    for (int i = 0; i < STEPS; i++) {
      try {
        String name = "n" + random.nextInt(6);
        StagedInode directory = anyDirectory(version, random);
        switch (random.nextInt(6)) {
          case 0 -> version.makeDirectory(directory, name, 0755, ROOT);
          case 1 -> version.unlink(directory, name);
          case 2 -> version.removeDirectory(directory, name);
          case 3 ->
              version.rename(
                  directory,
                  name,
                  anyDirectory(version, random),
                  "n" + random.nextInt(6),
                  MODES.get(random.nextInt(MODES.size())));
          case 4 -> version.link(version.lookup(directory, name), version.root(), "l" + i % 50);
          default -> Areas.write(version, directory, name, "text");
        }
      } catch (FsException e) {
        if (!EXPECTED.contains(e.kind()) && e.kind() != FailureKind.NOT_PERMITTED) {
          throw e;
        }
      }
    }
  }

  private static StagedInode anyDirectory(StagedVersion version, Random random) throws FsException {
    StagedInode at = version.root();
    for (int depth = random.nextInt(3); depth > 0; depth--) {
      StagedInode below = version.lookup(at, "n" + random.nextInt(6));
      at = below.kind() == InodeKind.DIRECTORY ? below : at;
    }
    return at;
  }

  private static void verify(StagedVersion version, StagedInode directory) throws FsException {
    int directories = 0;
    for (StagedInode inode : list(version, directory).values()) {
      if (inode.kind() == InodeKind.DIRECTORY) {
        directories++;
        assertEquals(directory, version.parent(inode));
        verify(version, inode);
      }
    }
    assertEquals(2 + directories, version.attributes(directory).links());
  }

  private static void removeAll(StagedVersion version, StagedInode directory) throws FsException {
    for (var name : list(version, directory).entrySet()) {
      if (name.getValue().kind() == InodeKind.DIRECTORY) {
        removeAll(version, name.getValue());
        version.removeDirectory(directory, name.getKey());
      } else {
        version.unlink(directory, name.getKey());
      }
    }
  }

  @Test
  void whatAnyOfThemSyncedOutlivesTheMachine() throws Exception {
    int rounds = 40;
    byte[] expected = BaseFixture.random(9, rounds * Long.SIZE * PageMap.PAGE);
    Model.Directory model = new Model.Directory().with("file", Model.File.of(expected));
    try (BaseFixture base = new BaseFixture(model)) {
      try (StagedVersion version = base.create(temp)) {
        StagedInode inode = version.lookup(version.root(), "file");
        CyclicBarrier together = new CyclicBarrier(THREADS);
        inThreads(
            thread -> {
              try (StagedFile file = version.open(inode, OpenMode.WRITE)) {
                // All in pages that one word of the map stands for.
                for (int round = 0; round < rounds; round++) {
                  together.await(1, TimeUnit.MINUTES);
                  file.write(page(round, thread), ByteBuffer.wrap(new byte[] {(byte) thread}));
                  file.sync(true);
                }
              }
            });
      }
      for (int round = 0; round < rounds; round++) {
        for (int thread = 0; thread < THREADS; thread++) {
          expected[page(round, thread)] = (byte) thread;
        }
      }
      Path boot = Files.writeString(temp.resolve("boot"), "another");
      try (StagedVersion version = base.openBooted(temp, boot)) {
        assertArrayEquals(expected, readBytes(version, version.lookup(version.root(), "file")));
      }
    }
  }

  private static int page(int round, int thread) {
    return (round * Long.SIZE + 5 * thread) * PageMap.PAGE;
  }

  @Test
  void writersOfOneFileOverABaseLoseNothing() throws Exception {
    byte[] expected = BaseFixture.random(9, PAGES * PageMap.PAGE);
    Model.Directory model = new Model.Directory().with("file", Model.File.of(expected));
    try (BaseFixture base = new BaseFixture(model);
        StagedVersion version = base.create(temp)) {
      StagedInode inode = version.lookup(version.root(), "file");
      inThreads(
          thread -> {
            try (StagedFile file = version.open(inode, OpenMode.WRITE)) {
              // Each its own bytes of every page, so that all copy the same pages up.
              for (int page = 0; page < PAGES; page++) {
                long at = (long) page * PageMap.PAGE + 100L * thread;
                file.write(at, ByteBuffer.wrap(new byte[] {(byte) thread, (byte) page}));
              }
            }
          });
      for (int page = 0; page < PAGES; page++) {
        for (int thread = 0; thread < THREADS; thread++) {
          expected[page * PageMap.PAGE + 100 * thread] = (byte) thread;
          expected[page * PageMap.PAGE + 100 * thread + 1] = (byte) page;
        }
      }
      assertArrayEquals(expected, readBytes(version, inode));
    }
  }
}
