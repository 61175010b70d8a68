package io.datasetfs.fs;

import static io.datasetfs.fs.FsFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.catalog.Dataset;
import io.datasetfs.format.PackLayout;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.VersionRecord;
import io.datasetfs.read.Model;
import io.datasetfs.store.FaultyObjectStore.Call;
import io.datasetfs.store.FaultyObjectStore.Moment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DatasetFileSystemTest {
  @TempDir Path home;
  private FsFixture fixture;
  private FileSystem fs;
  private Dataset icons;
  private String id;
  private VersionRecord first;
  private VersionRecord second;

  @BeforeEach
  void publish() throws FsException {
    fixture = new FsFixture(home);
    fs = fixture.fs;
    icons = fixture.create("icons", "small pictures");
    id = icons.id().value();
    first = fixture.publish(icons, "as shipped", content("one"), "golden");
    second = fixture.publish(icons, "", content("two"));
  }

  private static Model.Directory content(String text) {
    return new Model.Directory(0750, Model.TIME)
        .with("file", text(text))
        .with("link", new Model.Link(Model.TIME, "dir/inner"))
        .with(
            "dir",
            new Model.Directory(01777, Model.TIME)
                .with("inner", new Model.File(04711, Model.TIME, false, text("x").segments()))
                .with("sub", new Model.Directory()));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static void assertFails(FailureKind kind, Executable action) {
    assertEquals(kind, assertThrows(FsException.class, action).kind());
  }

  @Test
  @Tag("promise-11")
  void theTopShowsIdsAsDirectoriesAndNamesAsLinksToThem() throws FsException {
    Dataset other = fixture.create("other", "");
    fixture.later();
    List<String> ids = new ArrayList<>(List.of(id, other.id().value()));
    ids.sort(null);
    assertEquals(List.of(ids.get(0), ids.get(1), "icons", "other"), fixture.names("/"));
    assertEquals(FileType.DIRECTORY, fs.getAttributes(fixture.at(id)).type());
    assertEquals(FileType.SYMLINK, fs.getAttributes(fixture.at("icons")).type());
    assertEquals(id, fs.readLink(fixture.at("icons")));
  }

  @Test
  @Tag("promise-11")
  void aNameOfTwoDatasetsIsNeitherShownNorFound() throws FsException {
    // Two providers that did not see each other, or two creations at the same moment.
    Dataset other = fixture.create("other", "");
    byte[] head = fixture.memory.find(other.prefix() + "dataset.json").orElseThrow().content();
    String renamed =
        new String(head, java.nio.charset.StandardCharsets.UTF_8).replace("\"other\"", "\"icons\"");
    fixture.memory.overwrite(
        other.prefix() + "dataset.json", renamed.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    fixture.later();
    assertEquals(2, fixture.names("/").size());
    assertFails(FailureKind.NOT_FOUND, () -> fixture.at("icons"));
    assertFails(FailureKind.NOT_FOUND, () -> fixture.at("icons:latest"));
    assertEquals(id + "/" + second.id(), fs.readLink(fixture.at(id + ":latest")));
  }

  @Test
  void aDatasetShowsItsVersionsAsDirectoriesAndLatestAndTagsAsLinks() throws FsException {
    assertEquals(
        List.of(second.id().value(), first.id().value(), "golden", "latest"), fixture.names(id));
    assertEquals(second.id().value(), fs.readLink(fixture.at(id + "/latest")));
    assertEquals(first.id().value(), fs.readLink(fixture.at(id + "/golden")));
    assertFails(FailureKind.NOT_FOUND, () -> fixture.at(id + "/aaaaaaa"));
    assertFails(FailureKind.NOT_FOUND, () -> fixture.at(id + "/silver"));
  }

  @Test
  @Tag("promise-11")
  void whateverReferenceTheCommandLineTakesIsALinkThatListingsDoNotShow() throws FsException {
    for (String dataset : List.of(id, "icons")) {
      assertEquals(id + "/" + first.id(), fs.readLink(fixture.at(dataset + ":golden")));
      assertEquals(id + "/" + second.id(), fs.readLink(fixture.at(dataset + ":latest")));
      assertEquals(id + "/" + first.id(), fs.readLink(fixture.at(dataset + ":" + first.id())));
    }
    List<String> wrong =
        List.of("icons:", ":golden", ":", "icons:golden:x", "icons:silver", "no:latest", id + ":x");
    for (String reference : wrong) {
      assertFails(FailureKind.NOT_FOUND, () -> fixture.at(reference));
    }
    assertEquals(List.of(id, "icons"), fixture.names("/"));
  }

  @Test
  @Tag("promise-14")
  void aVersionShowsWhatWasCommittedWithItsModesAndTimes() throws FsException {
    String root = id + "/" + first.id();
    assertEquals(List.of("dir", "file", "link"), fixture.names(root));
    assertEquals("one", fixture.read(root + "/file"));
    assertEquals("dir/inner", fs.readLink(fixture.at(root + "/link")));
    Attributes top = fs.getAttributes(fixture.at(root));
    assertEquals(0750, top.mode());
    assertEquals(3, top.links());
    assertEquals(Model.TIME, top.mtime());
    Attributes inner = fs.getAttributes(fixture.at(root + "/dir/inner"));
    assertEquals(04711, inner.mode());
    assertEquals(FileType.REGULAR, inner.type());
    assertEquals(1, inner.links());
    assertEquals(1, inner.size());
    assertEquals(1, inner.blocks());
    assertEquals(Model.TIME, inner.mtime());
    assertEquals(FsFixture.COMMITTED, inner.ctime());
    assertEquals(9, fs.getAttributes(fixture.at(root + "/link")).size());
    assertEquals(01777, fs.getAttributes(fixture.at(root + "/dir")).mode());
  }

  @Test
  void theUpperDirectoriesHaveTheTimeOfTheNewestVersionAndCountTheirDirectories()
      throws FsException {
    for (String path : List.of("/", id)) {
      Attributes attributes = fs.getAttributes(fixture.at(path));
      assertEquals(0755, attributes.mode());
      assertEquals(FsFixture.COMMITTED, attributes.mtime());
    }
    assertEquals(3, fs.getAttributes(fs.root()).links());
    assertEquals(4, fs.getAttributes(fixture.at(id)).links());
  }

  @Test
  void listingsTellWhatStatTellsAtEveryLevel() throws FsException {
    assertEquals(1, fs.root().number());
    assertListingsTellWhatStatTells(fs.root());
    FsFixture other =
        new FsFixture(home, Map.of("local", fixture.store), Freshness.LOCAL, Duration.ofHours(1));
    assertEquals(
        fixture.at(id + "/" + first.id() + "/dir/inner").number(),
        other.at(id + "/" + first.id() + "/dir/inner").number(),
        "the same in every mount");
    other.close();
    assertNotEquals(
        fixture.at(id + "/" + first.id() + "/file").number(),
        fixture.at(id + "/" + second.id() + "/file").number());
  }

  private void assertListingsTellWhatStatTells(Inode directory) throws FsException {
    List<Inode> below = new ArrayList<>();
    fs.readDirectory(
        fs.openDirectory(directory),
        0,
        (name, listed, attributes, next) -> {
          try {
            Inode inode = fs.lookup(directory, name);
            assertEquals(fs.getAttributes(inode), attributes, name);
            assertEquals(inode, listed, name);
            assertEquals(inode.number(), attributes.inode(), name);
            if (attributes.type() == FileType.DIRECTORY) {
              below.add(inode);
            }
            return true;
          } catch (FsException e) {
            throw new AssertionError(name, e);
          }
        });
    for (Inode inode : below) {
      assertListingsTellWhatStatTells(inode);
    }
  }

  @Test
  void listingsGoOnAtEachCookie() throws FsException {
    for (String path : List.of("/", id, id + "/" + first.id())) {
      List<String> names = fixture.names(path);
      OpenDirectory directory = fs.openDirectory(fixture.at(path));
      List<String> oneByOne = new ArrayList<>();
      long[] cookie = {0};
      for (int i = 0; i < names.size(); i++) {
        fs.readDirectory(
            directory,
            cookie[0],
            (name, listed, attributes, next) -> {
              if (oneByOne.size() > 0 && cookie[0] == next) {
                return false;
              }
              oneByOne.add(name);
              cookie[0] = next;
              return false;
            });
      }
      assertEquals(names, oneByOne);
    }
  }

  @Test
  void anOpenListingStaysWhatItWas() throws FsException {
    OpenDirectory top = fs.openDirectory(fs.root());
    fixture.create("other", "");
    fixture.later();
    List<String> names = new ArrayList<>();
    fs.readDirectory(top, 0, (name, listed, attributes, next) -> names.add(name));
    assertEquals(List.of(id, "icons"), names);
    assertEquals(4, fixture.names("/").size());
  }

  @Test
  @Tag("promise-13")
  void everythingRefusesWrites() throws FsException {
    String root = id + "/" + first.id();
    for (String path : List.of("/", id, root, root + "/dir")) {
      Inode directory = fixture.at(path);
      assertFails(
          FailureKind.READ_ONLY,
          () -> fs.changes().makeDirectory(directory, "new", 0755, FsFixture.ROOT));
    }
    Inode file = fixture.at(root + "/file");
    assertFails(
        FailureKind.READ_ONLY,
        () -> fs.open(file, new OpenMode(false, true, false, false), FsFixture.ROOT));
  }

  @Test
  void whatIsNoFileCannotBeOpenedAndWhatIsNoDirectoryNotListed() throws FsException {
    String root = id + "/" + first.id();
    for (String path : List.of("/", id, root, root + "/dir")) {
      Inode directory = fixture.at(path);
      assertFails(
          FailureKind.IS_DIRECTORY, () -> fs.open(directory, OpenMode.READING, FsFixture.ROOT));
      assertFails(FailureKind.INVALID, () -> fs.readLink(directory));
    }
    for (String path : List.of("icons", id + "/latest", root + "/link")) {
      Inode link = fixture.at(path);
      assertFails(FailureKind.LOOP, () -> fs.open(link, OpenMode.READING, FsFixture.ROOT));
      assertFails(FailureKind.NOT_DIRECTORY, () -> fs.openDirectory(link));
      assertFails(FailureKind.NOT_DIRECTORY, () -> fs.lookup(link, "x"));
    }
    Inode file = fixture.at(root + "/file");
    assertFails(FailureKind.NOT_DIRECTORY, () -> fs.openDirectory(file));
    assertFails(FailureKind.NOT_DIRECTORY, () -> fs.lookup(file, "x"));
    assertFails(FailureKind.INVALID, () -> fs.readLink(file));
  }

  @Test
  void namesThatCannotBeAreRefused() throws FsException {
    for (String path : List.of("/", id, id + "/" + first.id())) {
      Inode directory = fixture.at(path);
      assertFails(FailureKind.NAME_TOO_LONG, () -> fs.lookup(directory, "é".repeat(128)));
      assertFails(FailureKind.NOT_FOUND, () -> fs.lookup(directory, "x".repeat(255)));
      assertFails(FailureKind.ILLEGAL_NAME, () -> fs.lookup(directory, "\uD800"));
    }
  }

  @Test
  @Tag("promise-3")
  void aPathOpenedBeforeATagMovesGoesOnReadingTheOldVersion() throws FsException {
    String golden = fs.readLink(fixture.at("icons:golden"));
    Inode directory = fixture.at(golden);
    OpenFile open = fs.open(fs.lookup(directory, "file"), OpenMode.READING, FsFixture.ROOT);
    fixture.catalog.setTag(icons, "golden", second.id());
    fixture.later();
    assertEquals("two", fixture.read(fs.readLink(fixture.at("icons:golden")) + "/file"));
    assertEquals("one", fixture.read(open));
    assertEquals(
        "one",
        fixture.read(fs.open(fs.lookup(directory, "file"), OpenMode.READING, FsFixture.ROOT)));
  }

  @Test
  void whatIsOpenInADeletedVersionGoesOnReading() throws FsException {
    OpenFile open =
        fs.open(fixture.at(id + "/" + second.id() + "/file"), OpenMode.READING, FsFixture.ROOT);
    fixture.catalog.deleteVersion(icons, second.id());
    fixture.later();
    assertFails(FailureKind.NOT_FOUND, () -> fixture.at(id + "/" + second.id()));
    assertEquals(first.id().value(), fs.readLink(fixture.at(id + "/latest")));
    assertEquals("two", fixture.read(open));
  }

  @Test
  void whatIsGoneIsNotFoundByWhoStillHoldsIt() throws FsException {
    Inode dataset = fixture.at(id);
    Inode tag = fixture.at(id + "/golden");
    fixture.catalog.removeTag(icons, "golden");
    fixture.later();
    assertFails(FailureKind.NOT_FOUND, () -> fs.readLink(tag));
    fixture.catalog.delete(icons);
    fixture.later();
    assertFails(FailureKind.NOT_FOUND, () -> fs.getAttributes(dataset));
    assertFails(FailureKind.NOT_FOUND, () -> fs.openDirectory(dataset));
    assertEquals(List.of(), fixture.names("/"));
  }

  @Test
  void insideAVersionNobodyLooksAtTheHeads() throws FsException {
    String root = id + "/" + first.id();
    Inode directory = fixture.at(root);
    fixture.later();
    long calls = headCalls();
    Inode inner = fs.lookup(fs.lookup(directory, "dir"), "inner");
    fs.getAttributes(inner);
    assertEquals("x", fixture.read(fs.open(inner, OpenMode.READING, FsFixture.ROOT)));
    fs.readDirectory(fs.openDirectory(directory), 0, (name, listed, attributes, next) -> true);
    assertFails(FailureKind.NOT_FOUND, () -> fs.lookup(directory, "no"));
    assertEquals(calls, headCalls());
  }

  private long headCalls() {
    return fixture.store.calls(Call.FIND)
        + fixture.store.calls(Call.STAT)
        + fixture.store.calls(Call.LIST_SEGMENTS);
  }

  @Test
  @Tag("promise-1")
  void aMissingPackIsAnErrorOfTheReadAndNeverAMissingFile() throws FsException {
    String root = id + "/" + first.id();
    OpenFile file = fs.open(fixture.at(root + "/file"), OpenMode.READING, FsFixture.ROOT);
    fixture.memory.keys().stream()
        .filter(key -> key.startsWith(PackLayout.prefix(icons.id())))
        .forEach(fixture.memory::delete);
    assertFails(FailureKind.CORRUPT, () -> fixture.read(file));
  }

  @Test
  void aStoreThatFailsIsAnErrorOfTheReadAndHealsByItself() throws FsException {
    OpenFile file =
        fs.open(fixture.at(id + "/" + first.id() + "/file"), OpenMode.READING, FsFixture.ROOT);
    fixture.store.failNth(Call.GET_RANGE, 1, Moment.BEFORE, FailureKind.UNAVAILABLE);
    assertFails(FailureKind.UNAVAILABLE, () -> fixture.read(file));
    assertEquals("one", fixture.read(file));
  }

  @Test
  void openFilesOfCommittedVersionsAreImmutable() throws FsException {
    assertTrue(
        fs.open(fixture.at(id + "/" + first.id() + "/file"), OpenMode.READING, FsFixture.ROOT)
            .immutable());
  }

  @Test
  void dfShowsLargeNumbersWhereNobodyKnowsTheRoom() {
    SpaceUsage space = fs.space(fs.root());
    assertEquals(1L << 50, space.blockSize() * space.available());
    SpaceUsage known = new SpaceUsage(512, 10, 5);
    DatasetFileSystem bounded =
        new DatasetFileSystem(fixture.view, dataset -> null, () -> java.util.Optional.of(known));
    assertEquals(known, bounded.space(bounded.root()));
  }
}
