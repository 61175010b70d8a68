package io.datasetfs.staging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.VersionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Areas that come and go while several processes look at them. */
class StagingAreasTest {
  @TempDir private Path temp;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  private Path dataset() {
    return temp.resolve("staging").resolve(Areas.DATASET.value());
  }

  private List<String> entries() throws IOException {
    try (Stream<Path> all = Files.list(dataset())) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  /** What a process left that was killed while it made or removed an area. */
  private Path leave(String name) throws IOException {
    Path left = Files.createDirectories(dataset().resolve(name));
    Files.createDirectories(left.resolve("content/00"));
    Files.writeString(left.resolve("content/00/1"), "text");
    Files.writeString(left.resolve("lock"), "1 then here\n");
    return left;
  }

  @Test
  void whatKilledProcessesLeftGoesAndWhatOthersAreAtStays() throws Exception {
    leave("aaaaaaa.new");
    leave("bbbbbbb.gone");
    Files.createDirectories(dataset().resolve("ccccccc.new"));
    Path making = leave("ddddddd.new");
    Path removing = leave("eeeeeee.gone");
    try (NativeFile one = NativeFile.open(making.resolve("lock"), NativeFile.WRITE);
        NativeFile two = NativeFile.open(removing.resolve("lock"), NativeFile.WRITE)) {
      assertTrue(one.tryLock(false) && two.tryLock(false));
      Areas.create(temp).close();
      List<String> owned = List.of("ddddddd.new", "eeeeeee.gone");
      assertEquals(
          Stream.concat(owned.stream(), Stream.of(Areas.VERSION.value())).toList(), entries());
      Areas.in(temp).remove(Areas.DATASET, Areas.VERSION);
      assertEquals(owned, entries());
      assertTrue(Files.exists(making.resolve("content/00/1")));
    }
    Areas.in(temp).remove(Areas.DATASET, Areas.VERSION);
    assertFalse(Files.exists(dataset()));
  }

  @Test
  void anAreaThatCannotBeMadeLeavesNothing() throws Exception {
    try (SmallDisk disk = new SmallDisk(temp.resolve("disk"))) {
      disk.fill(100);
      FsException full = assertThrows(FsException.class, () -> Areas.create(disk.directory()));
      assertEquals(FailureKind.NO_SPACE, full.kind());
      try (Stream<Path> left = Files.list(disk.directory().resolve("staging"))) {
        assertEquals(List.of(), left.toList());
      }
    }
  }

  @Test
  void removalsDoNotDisturbOneAnother() throws Exception {
    List<VersionId> versions = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      VersionId version = new VersionId("x81kq0" + i);
      versions.add(version);
      Areas.in(temp)
          .create(Areas.DATASET, version, Optional.empty(), Areas.ROOT, BaseSource.NONE)
          .close();
    }
    List<Future<?>> removals = new ArrayList<>();
    for (VersionId version : versions) {
      for (int i = 0; i < 2; i++) {
        // Each of another process, as it were.
        StagingAreas areas = Areas.in(temp);
        removals.add(
            threads.submit(
                () -> {
                  areas.remove(Areas.DATASET, version);
                  return areas.list();
                }));
      }
    }
    for (Future<?> removal : removals) {
      removal.get();
    }
    assertFalse(Files.exists(dataset()));
  }

  /** A dataset's directory goes with its last area, also while somebody makes the next one. */
  @Test
  void areasComeAndGoInOneDataset() throws Exception {
    List<Future<?>> users = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      VersionId version = new VersionId("x81kq0" + i);
      users.add(
          threads.submit(
              () -> {
                for (int round = 0; round < 40; round++) {
                  StagingAreas areas = Areas.in(temp);
                  areas
                      .create(Areas.DATASET, version, Optional.empty(), Areas.ROOT, BaseSource.NONE)
                      .close();
                  areas.sweep();
                  assertTrue(areas.find(Areas.DATASET, version).isPresent());
                  areas.remove(Areas.DATASET, version);
                }
                return null;
              }));
    }
    for (Future<?> user : users) {
      user.get();
    }
    assertFalse(Files.exists(dataset()));
    Files.createDirectory(dataset());
    Areas.in(temp).sweep();
    assertFalse(Files.exists(dataset()));
  }

  @Test
  void whoAsksForTheOwnerIsNone() throws Exception {
    Areas.create(temp).close();
    Path area = dataset().resolve(Areas.VERSION.value());
    try (NativeFile question = NativeFile.open(area.resolve("lock"), NativeFile.READ)) {
      assertTrue(question.tryLock(true));
      assertEquals(Optional.empty(), Areas.in(temp).holder(Areas.DATASET, Areas.VERSION));
    }
    AtomicBoolean ended = new AtomicBoolean();
    Future<?> asking =
        threads.submit(
            () -> {
              while (!ended.get()) {
                var unused = Areas.in(temp).holder(Areas.DATASET, Areas.VERSION);
                Thread.sleep(1);
              }
              return null;
            });
    try {
      for (int i = 0; i < 3000; i++) {
        AreaLock.take(area, "host").close();
      }
    } finally {
      ended.set(true);
    }
    asking.get();
  }
}
