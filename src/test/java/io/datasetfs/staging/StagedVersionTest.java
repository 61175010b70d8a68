package io.datasetfs.staging;

import static io.datasetfs.staging.Areas.ROOT;
import static io.datasetfs.staging.Areas.at;
import static io.datasetfs.staging.Areas.bytes;
import static io.datasetfs.staging.Areas.list;
import static io.datasetfs.staging.Areas.read;
import static io.datasetfs.staging.Areas.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** An uncommitted version over nothing. */
class StagedVersionTest {
  @TempDir private Path temp;
  private StagedVersion version;

  @BeforeEach
  void create() throws FsException {
    version = Areas.create(temp);
  }

  @AfterEach
  void close() throws FsException {
    version.close();
  }

  private void reopen() throws FsException {
    version.close();
    version = Areas.open(temp);
  }

  static void assertFails(FailureKind kind, Executable operation) {
    assertEquals(kind, assertThrows(FsException.class, operation).kind());
  }

  @Test
  void whatWasWrittenIsThereWhenItIsOpenedAgain() throws FsException {
    StagedInode directory = version.makeDirectory(version.root(), "dir", 0750, ROOT);
    write(version, directory, "file", "some text");
    version.makeSymlink(directory, "link", "../elsewhere", ROOT);
    StagedInode fifo =
        version.makeNode(directory, "fifo", InodeKind.FIFO, 0600, 0, new Creator(5, 6));
    version.setExtendedAttribute(fifo, "user.a", new byte[] {1, 2}, AttributeMode.ANY);
    StagedAttributes before = version.attributes(at(version, "dir/file"));

    reopen();

    assertEquals(Set.of("file", "link", "fifo"), list(version, at(version, "dir")).keySet());
    assertEquals("some text", read(version, at(version, "dir/file")));
    assertEquals(before.mtime(), version.attributes(at(version, "dir/file")).mtime());
    assertEquals(8, version.attributes(at(version, "dir/file")).blocks());
    assertEquals("../elsewhere", version.readLink(at(version, "dir/link")));
    StagedAttributes attributes = version.attributes(at(version, "dir/fifo"));
    assertEquals(InodeKind.FIFO, attributes.kind());
    assertEquals(6, attributes.gid());
    assertEquals(2, version.getExtendedAttribute(at(version, "dir/fifo"), "user.a").length);
    assertEquals(3, version.attributes(version.root()).links());
  }

  @Test
  void openFilesStayUsableWhenTheyHaveNoName() throws FsException {
    StagedInode inode = write(version, version.root(), "file", "text");
    try (StagedFile file = version.open(inode, OpenMode.WRITE)) {
      version.unlink(version.root(), "file");
      assertFails(FailureKind.NOT_FOUND, () -> version.lookup(version.root(), "file"));
      file.append(bytes(" and more"));
      assertEquals("text and more", new String(Areas.readBytes(file, 13), StandardCharsets.UTF_8));
      assertEquals(0, version.attributes(inode).links());
    }
    assertFails(FailureKind.NOT_FOUND, () -> version.attributes(inode));
  }

  @Test
  void listingGoesOnWhileNamesComeAndGo() throws FsException {
    for (int i = 0; i < 1000; i++) {
      version.makeNode(version.root(), "n" + i, InodeKind.FILE, 0644, 0, ROOT);
    }
    Set<String> seen = new HashSet<>();
    long[] cookie = new long[1];
    for (int round = 0; ; round++) {
      int before = seen.size();
      List<String> chunk = new ArrayList<>();
      version.list(
          version.root(),
          cookie[0],
          (name, inode, position) -> {
            cookie[0] = position;
            chunk.add(name);
            return chunk.size() < 50;
          });
      for (String name : chunk) {
        assertTrue(seen.add(name), name);
        version.unlink(version.root(), name);
      }
      if (seen.size() == before) {
        break;
      }
      if (round < 3) {
        version.makeNode(version.root(), "new" + round, InodeKind.FILE, 0644, 0, ROOT);
      }
    }
    assertEquals(1003, seen.size());
    assertTrue(list(version, version.root()).isEmpty());
    version.makeDirectory(version.root(), "d", 0755, ROOT);
  }

  @Test
  void sealingWaitsForWritersAndThenRefusesChanges() throws FsException {
    StagedInode inode = write(version, version.root(), "file", "text");
    try (StagedFile file = version.open(inode, OpenMode.WRITE.by(4711))) {
      FsException busy = assertThrows(FsException.class, () -> version.seal(Duration.ofMillis(30)));
      assertEquals(FailureKind.BUSY, busy.kind());
      assertTrue(busy.getMessage().contains("file by process 4711"), busy.getMessage());
      file.write(0, bytes("T"));
    }
    version.seal(Duration.ZERO);
    assertFails(FailureKind.READ_ONLY, () -> write(version, version.root(), "other", ""));
    assertFails(FailureKind.READ_ONLY, () -> version.open(inode, OpenMode.WRITE));
    assertEquals("Text", read(version, inode));
    version.unseal();
    write(version, version.root(), "other", "");
  }

  @Test
  void othersGoOnWhileSealingWaits() throws Exception {
    StagedInode inode = write(version, version.root(), "file", "text");
    CompletableFuture<Void> sealing;
    try (StagedFile file = version.open(inode, OpenMode.WRITE)) {
      sealing = inThread(() -> version.seal(Duration.ofMinutes(2)));
      for (int i = 0; i < 50; i++) {
        write(version, version.root(), "other" + i, "text");
        Thread.sleep(2); // most of them while it waits
      }
      assertFalse(sealing.isDone());
      file.write(0, bytes("T"));
    }
    sealing.get(1, TimeUnit.MINUTES);
    assertTrue(version.isSealed());
    assertEquals(51, list(version, version.root()).size());
  }

  @Test
  void sealingComesToAnEndWhereSomeFileIsAlwaysOpen() throws Exception {
    StagedInode inode = write(version, version.root(), "file", "text");
    StagedFile first = version.open(inode, OpenMode.WRITE.by(4711));
    CompletableFuture<Void> writing =
        inThread(
            () -> {
              StagedFile file = first;
              try {
                while (true) {
                  StagedFile next = version.open(inode, OpenMode.WRITE.by(4711));
                  file.close();
                  file = next;
                }
              } finally {
                file.close();
              }
            });
    version.seal(Duration.ofMinutes(2));
    ExecutionException refused =
        assertThrows(ExecutionException.class, () -> writing.get(1, TimeUnit.MINUTES));
    assertEquals(FailureKind.READ_ONLY, ((FsException) refused.getCause()).kind());
  }

  private interface Action {
    void run() throws Exception;
  }

  private static CompletableFuture<Void> inThread(Action action) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                action.run();
                done.complete(null);
              } catch (Exception e) {
                done.completeExceptionally(e);
              }
            },
            "test-action");
    thread.setDaemon(true);
    thread.start();
    return done;
  }

  @Test
  void anAreaHasOneOwner() throws FsException {
    StagingAreas areas = Areas.in(temp);
    FsException busy =
        assertThrows(
            FsException.class, () -> areas.open(Areas.DATASET, Areas.VERSION, BaseSource.NONE));
    assertEquals(FailureKind.BUSY, busy.kind());
    long self = ProcessHandle.current().pid();
    assertTrue(busy.getMessage().contains("process " + self), busy.getMessage());
    assertEquals(self, areas.holder(Areas.DATASET, Areas.VERSION).orElseThrow().process());
    assertFails(FailureKind.BUSY, () -> areas.remove(Areas.DATASET, Areas.VERSION));
    assertEquals(List.of(version.description()), areas.list());

    version.close();

    assertEquals(Optional.empty(), areas.holder(Areas.DATASET, Areas.VERSION));
    areas.remove(Areas.DATASET, Areas.VERSION);
    assertEquals(List.of(), areas.list());
    assertFails(
        FailureKind.NOT_FOUND, () -> areas.open(Areas.DATASET, Areas.VERSION, BaseSource.NONE));
  }

  @Test
  void aFileWithoutANameCanBeGivenOne() throws FsException {
    try (StagedFile file = version.createNameless(version.root(), 0600, ROOT, OpenMode.WRITE)) {
      file.write(0, bytes("kept"));
      version.link(file.inode(), version.root(), "name");
    }
    reopen();
    assertEquals("kept", read(version, at(version, "name")));
    assertEquals(1, version.attributes(at(version, "name")).links());
  }
}
