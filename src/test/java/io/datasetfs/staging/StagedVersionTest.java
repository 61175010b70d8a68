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
import io.datasetfs.model.TreeEntry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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

  /** However many and however deep: a message is to be read, and has to fit where it goes. */
  @Test
  void whoIsInTheWayIsNamedInFewWords() throws FsException {
    StagedInode deep = version.root();
    for (int i = 0; i < 20; i++) {
      deep = version.makeDirectory(deep, "d" + i + "x".repeat(250), 0755, ROOT);
    }
    List<StagedFile> files = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      StagedInode directory = i % 2 == 0 ? deep : version.root();
      files.add(version.create(directory, "木" + i, 0644, ROOT, OpenMode.WRITE.by(4000 + i)));
    }
    files.add(version.createNameless(deep, 0600, ROOT, OpenMode.WRITE.by(1)));

    FsException busy = assertThrows(FsException.class, () -> version.seal(Duration.ZERO));

    assertEquals(FailureKind.BUSY, busy.kind());
    assertTrue(busy.getMessage().length() < 7000, busy.getMessage().length() + " characters");
    assertTrue(busy.getMessage().startsWith("Open for writing: d0xxx"), busy.getMessage());
    assertTrue(busy.getMessage().contains("x/木0 by process 4000, 木1 by"), busy.getMessage());
    assertTrue(busy.getMessage().matches(".* and \\d+ others .*"), busy.getMessage());
    List<Holder> holders = version.holders();
    assertEquals(301, holders.size());
    assertTrue(holders.contains(new Holder(4001, "木1")), holders.toString());
    assertTrue(holders.contains(new Holder(1, "")), holders.toString());
    assertEquals(20 * 251 + 30 + 20 + 2, holders.get(0).path().length());
    for (StagedFile file : files) {
      file.close();
    }
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whoComesTooLateIsToldSo() throws FsException {
    StagedInode link = version.makeSymlink(version.root(), "link", "target", ROOT);
    version.close();
    assertFails(FailureKind.STALE, () -> version.lookup(version.root(), "other"));
    assertEquals("target", version.readLink(link), "notes the access, which nobody keeps now");
    assertFails(FailureKind.STALE, () -> version.seal(Duration.ZERO));
  }

  /** A commit that is late reads files that may be another owner's by now. */
  @Test
  void theWalkLeavesFilesAsTheyAre() throws Exception {
    Path longer = contentFile(write(version, version.root(), "longer", "text"));
    Path shorter = contentFile(write(version, version.root(), "shorter", "text"));
    version.seal(Duration.ZERO);
    Files.writeString(longer, "text of another owner");
    Files.writeString(shorter, "te");
    Map<String, String> read = new TreeMap<>();
    version.walk(
        new FileVisitor() {
          @Override
          public void file(StagedPath path, StagedAttributes a, StagedContent content)
              throws FsException {
            ByteBuffer target = ByteBuffer.allocate(100);
            content.read(0, target);
            read.put(
                path.name(),
                new String(target.array(), 0, target.position(), StandardCharsets.UTF_8));
            content.close();
          }
        });
    assertEquals(Map.of("longer", "text", "shorter", "te\0\0"), read);
    assertEquals("text of another owner", Files.readString(longer));
    assertEquals("te", Files.readString(shorter));
  }

  private Path contentFile(StagedInode inode) {
    return new ContentFiles(version.directory()).file(inode.number());
  }

  /** Visits files. */
  private abstract static class FileVisitor implements StagedVisitor {
    @Override
    public void committed(StagedPath path, TreeEntry entry) {}

    @Override
    public void beginDirectory(StagedPath path, StagedAttributes attributes) {}

    @Override
    public void endDirectory() {}

    @Override
    public void symlink(StagedPath path, StagedAttributes attributes, String target) {}

    @Override
    public void special(StagedPath path, InodeKind kind) {}
  }

  @Test
  void aLengthThatIsSetAgainSetsTheTimes() throws Exception {
    StagedInode inode = write(version, version.root(), "file", "text");
    Instant old = Instant.ofEpochSecond(1_000_000);
    for (long length : new long[] {4, 0}) {
      version.setAttributes(inode, AttributeChange.NONE.withSize(length));
      version.setAttributes(inode, AttributeChange.NONE.withMtime(old));
      Instant changed = version.attributes(inode).ctime();
      StagedAttributes after = version.setAttributes(inode, AttributeChange.NONE.withSize(length));
      assertTrue(after.mtime().isAfter(old) && after.ctime().isAfter(changed), "" + after);
      version.setAttributes(inode, AttributeChange.NONE.withMtime(old));
      version.open(inode, new OpenMode(true, length == 0, 0)).close();
      assertEquals(length == 0, version.attributes(inode).mtime().isAfter(old));
    }
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
  void sealingComesToAnEndWhereWritersTakeTurns() throws Exception {
    StagedInode inode = write(version, version.root(), "file", "text");
    Semaphore turns = new Semaphore(1);
    Action writer =
        () -> {
          while (true) {
            StagedFile file;
            turns.acquire(); // so that mostly one has it open while the other closes it
            try {
              file = version.open(inode, OpenMode.WRITE.by(4711));
            } finally {
              turns.release();
            }
            Thread.sleep(5);
            file.close();
          }
        };
    List<CompletableFuture<Void>> writing = List.of(inThread(writer), inThread(writer));
    version.seal(Duration.ofMinutes(2));
    for (CompletableFuture<Void> one : writing) {
      ExecutionException refused =
          assertThrows(ExecutionException.class, () -> one.get(1, TimeUnit.MINUTES));
      assertEquals(FailureKind.READ_ONLY, ((FsException) refused.getCause()).kind());
    }
  }

  /** Who is always writing keeps a commit off, and neither he nor others notice more than that. */
  @Test
  void aSealThatFailsHasRefusedNobody() throws Exception {
    StagedInode inode = write(version, version.root(), "file", "text");
    StagedInode closed = write(version, version.root(), "closed", "text");
    StagedFile first = version.open(inode, OpenMode.WRITE.by(4711));
    AtomicBoolean ended = new AtomicBoolean();
    CompletableFuture<Void> writing =
        inThread(
            () -> {
              StagedFile file = first;
              for (int i = 0; !ended.get(); i++) {
                StagedFile next =
                    i % 2 == 0
                        ? version.open(inode, OpenMode.WRITE.by(4711))
                        : version.createNameless(version.root(), 0600, ROOT, OpenMode.WRITE);
                file.close();
                file = next;
              }
              file.close();
            });
    CompletableFuture<Void> changing =
        inThread(
            () -> {
              StagedInode root = version.root();
              while (!ended.get()) {
                StagedInode directory = version.makeDirectory(root, "directory", 0755, ROOT);
                version.setAttributes(directory, AttributeChange.NONE.withMode(0700));
                version.rename(root, "directory", root, "renamed", RenameMode.REPLACE);
                version.link(inode, root, "link");
                version.unlink(root, "link");
                version.removeDirectory(root, "renamed");
              }
            });
    CompletableFuture<Void> truncating =
        inThread(
            () -> {
              while (!ended.get()) {
                version.setAttributes(closed, AttributeChange.NONE.withSize(3));
              }
            });
    FsException busy = assertThrows(FsException.class, () -> version.seal(Duration.ofMillis(2500)));
    assertEquals(FailureKind.BUSY, busy.kind());
    ended.set(true);
    writing.get(1, TimeUnit.MINUTES);
    changing.get(1, TimeUnit.MINUTES);
    truncating.get(1, TimeUnit.MINUTES);
    version.seal(Duration.ZERO);
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
