package io.datasetfs.fs;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.UncommittedVersion;
import io.datasetfs.model.VersionRecord;
import io.datasetfs.read.Model;
import io.datasetfs.staging.RenameMode;
import io.datasetfs.staging.StagedVersion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Uncommitted versions beside the committed ones, and how their use ends. */
class StagedVersionsTest {
  private static final OpenMode WRITING = new OpenMode(true, true, false, false);

  @TempDir Path home;

  private FsFixture fixture;
  private FileSystem fs;
  private Dataset dataset;
  private VersionRecord committed;
  private UncommittedVersion version;
  private String place;

  @BeforeEach
  void setUp() throws Exception {
    fixture = new FsFixture(home);
    fs = fixture.fs;
    dataset = fixture.create("icons", "");
    committed = fixture.publish(dataset, "", content("base"));
    version = fixture.stage(dataset, Optional.of(committed));
    place = dataset.id() + "/" + version.id();
  }

  @AfterEach
  void tearDown() {
    fixture.close();
  }

  private static Model.Directory content(String text) {
    return new Model.Directory().with("file", FsFixture.text(text));
  }

  private static void assertFails(FailureKind kind, Executable work) {
    assertEquals(kind, assertThrows(FsException.class, work).kind());
  }

  private Created create(String name, String text) throws FsException {
    Inode directory = fixture.at(place);
    Created made = fs.changes().create(directory, name, 0644, WRITING, FsFixture.ROOT);
    write(made.file(), text);
    return made;
  }

  private void write(OpenFile file, String text) throws FsException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    fs.changes().write(file, 0, bytes, null);
  }

  @Test
  void theyAreListedAndNamedAsTheOthers() throws Exception {
    assertTrue(
        fixture
            .names(dataset.id().value())
            .containsAll(List.of(committed.id().value(), version.id().value(), "latest")));
    assertTrue(fixture.staged.isEmpty(), "listing opens nothing");
    assertEquals(place, fs.readLink(fixture.at(dataset.id() + ":" + version.id())));
    assertEquals("base", fixture.read(place + "/file"));
    create("new", "text").file().close();
    assertEquals("text", fixture.read(place + "/new"));
    assertEquals(List.of("file", "new"), fixture.names(place).stream().sorted().toList());
    assertTrue(fixture.at(place).changesOnlyHere());
    assertFalse(fixture.at(place).immutable());
  }

  @Test
  void numbersAreOfTheVersion() throws Exception {
    UncommittedVersion other = fixture.stage(dataset, Optional.of(committed));
    fixture.later();
    String otherPlace = dataset.id() + "/" + other.id();
    long number = fixture.at(place + "/file").number();
    assertEquals(number, fixture.at(place + "/file").number());
    assertEquals(number, fs.getAttributes(fixture.at(place + "/file")).inode());
    assertNotEquals(number, fixture.at(otherPlace + "/file").number());
    Inode file = fixture.at(place + "/file");
    Inode elsewhere = fixture.at(otherPlace);
    assertFails(FailureKind.CROSS_DEVICE, () -> fs.changes().link(file, elsewhere, "x"));
    Inode directory = fixture.at(place);
    assertFails(
        FailureKind.CROSS_DEVICE,
        () -> fs.changes().rename(directory, "file", elsewhere, "x", RenameMode.REPLACE));
  }

  @Test
  void nothingElseTakesChanges() throws Exception {
    for (String path : List.of("", dataset.id().value(), dataset.id() + "/" + committed.id())) {
      Inode directory = fixture.at(path);
      assertFails(
          FailureKind.READ_ONLY,
          () -> fs.changes().makeDirectory(directory, "new", 0755, FsFixture.ROOT));
      assertFails(FailureKind.READ_ONLY, () -> fs.changes().unlink(directory, "file"));
    }
  }

  @Test
  void whatWasFoundAndRemovedIsToBeLookedUpAgain() throws Exception {
    create("new", "text").file().close();
    Inode file = fixture.at(place + "/new");
    fs.changes().unlink(fixture.at(place), "new");
    assertFails(FailureKind.STALE, () -> fs.getAttributes(file));
    assertFails(FailureKind.STALE, () -> fs.open(file, WRITING, FsFixture.ROOT));
    assertFails(FailureKind.NOT_FOUND, () -> fixture.at(place + "/new"));
  }

  @Test
  void whatTheKernelKnowsStaysUsable() throws Exception {
    create("new", "text").file().close();
    create("newer", "more").file().close();
    Inode file = fixture.at(place + "/new");
    fs.remember(file);
    fs.changes().rename(fixture.at(place), "newer", fixture.at(place), "new", RenameMode.REPLACE);
    assertEquals(0, fs.getAttributes(file).links());
    try (OpenFile open = fs.open(file, OpenMode.READING, FsFixture.ROOT)) {
      assertEquals("text", fixture.read(open));
    }
    fs.forget(file);
    assertFails(FailureKind.STALE, () -> fs.getAttributes(file));
    assertEquals("more", fixture.read(place + "/new"));
  }

  @Test
  void whereItIsFromCanBeAskedButNotSet() throws Exception {
    Inode file = fixture.at(place + "/file");
    byte[] value = fs.getExtendedAttribute(file, "user.dsfs.version");
    assertEquals(version.id().value(), new String(value, StandardCharsets.UTF_8));
    assertEquals(List.of(), fs.listExtendedAttributes(file));
    assertFails(
        FailureKind.UNSUPPORTED,
        () -> fs.changes().setExtendedAttribute(file, "user.dsfs.version", value, null));
  }

  @Test
  void whatAnotherProcessHasIsListedAndClosed() throws Exception {
    try (StagedVersion taken =
        fixture.areas.open(dataset.id(), version.id(), fixture.bases(dataset))) {
      assertFalse(taken.isSealed());
      assertTrue(fixture.names(dataset.id().value()).contains(version.id().value()));
      Inode closed = fixture.at(place);
      assertTrue(closed.isPassing());
      assertEquals(FileType.DIRECTORY, fs.getAttributes(closed).type());
      FsException refusal = assertThrows(FsException.class, () -> fs.lookup(closed, "file"));
      assertEquals(FailureKind.ACCESS_DENIED, refusal.kind());
      String process = Long.toString(ProcessHandle.current().pid());
      assertTrue(refusal.getMessage().contains(process), refusal.getMessage());
      assertFails(FailureKind.ACCESS_DENIED, () -> fs.openDirectory(closed));
      assertFails(
          FailureKind.ACCESS_DENIED,
          () -> fs.changes().makeDirectory(closed, "new", 0755, FsFixture.ROOT));
    }
    assertEquals("base", fixture.read(place + "/file"));
  }

  @Test
  void aCommitLeavesReadersWhatTheyHave() throws Exception {
    Created made = create("new", "staged");
    Inode kept = fixture.at(place);
    fs.remember(kept);
    Inode before = fixture.at(place);
    fixture.commit(dataset, version, content("committed"));
    CountDownLatch unused = new CountDownLatch(1);
    fixture.fs.whenUnused(dataset.id(), version.id(), unused::countDown);
    assertNotEquals(before, fixture.at(place));
    assertEquals("committed", fixture.read(place + "/file"));
    assertEquals("staged", fixture.read(made.file()));
    Inode base = fs.lookup(kept, "file");
    try (OpenFile file = fs.open(base, OpenMode.READING, FsFixture.ROOT)) {
      assertEquals("base", fixture.read(file));
    }
    made.file().close();
    assertEquals(1, unused.getCount(), "the kernel still knows the directory");
    fs.forget(kept);
    assertTrue(unused.await(1, TimeUnit.MINUTES));
    assertFails(FailureKind.STALE, () -> fs.lookup(kept, "file"));
  }

  @Test
  void aCommittedVersionHasANameAgainWhileItIsForgotten() throws Exception {
    Inode kept = fixture.at(place);
    String name = version.id() + ":staged";
    fs.remember(kept);
    assertFails(FailureKind.NOT_FOUND, () -> fixture.at(dataset.id() + "/" + name));
    fixture.commit(dataset, version, content("committed"));
    List<Inode> found = new CopyOnWriteArrayList<>();
    CountDownLatch unused = new CountDownLatch(1);
    fixture.fs.pruneWith(
        (directory, asked) -> {
          assertEquals("/" + dataset.id(), directory);
          assertEquals(name, asked);
          found.add(assertDoesNotThrow(() -> fixture.at(dataset.id() + "/" + name)));
          if (found.size() == 2) { // until then somebody is in it
            fs.forget(kept);
          }
        });
    fixture.fs.whenUnused(dataset.id(), version.id(), unused::countDown);
    assertTrue(unused.await(1, TimeUnit.MINUTES));
    assertEquals(List.of(kept, kept), found);
    // who asked for the path meanwhile gets there with it
    Inode link = fixture.at(dataset.id() + "/" + name);
    assertEquals(version.id().value(), fs.readLink(link));
    assertEquals("committed", fixture.read(dataset.id() + "/" + fs.readLink(link) + "/file"));
  }

  @Test
  void theUseOfAVersionEnds() throws Exception {
    Created made = create("new", "text");
    assertFalse(fixture.fs.retire(dataset.id(), version.id(), false), "it is open");
    write(made.file(), "more");
    made.file().close();
    Inode kept = fixture.at(place);
    assertTrue(fixture.fs.retire(dataset.id(), version.id(), false));
    fixture.staged.remove(version.id()).close();
    assertFails(FailureKind.STALE, () -> fs.lookup(kept, "new"));
    assertEquals("more", fixture.read(place + "/new"));

    Created open = create("other", "text");
    assertTrue(fixture.fs.retire(dataset.id(), version.id(), true));
    assertFails(FailureKind.STALE, () -> write(open.file(), "x"));
    open.file().close(); // of no consequence
  }
}
