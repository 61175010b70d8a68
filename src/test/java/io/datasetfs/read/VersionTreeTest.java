package io.datasetfs.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class VersionTreeTest {
  private static final int WIDE = 20_000;

  private final ReadFixture fixture = new ReadFixture(5, 1000);

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Model.Directory wide() {
    Model.Directory wide = new Model.Directory();
    Random random = new Random(1);
    while (wide.children().size() < WIDE) {
      String name = "entry-" + Long.toString(random.nextLong(), 36) + "-é𝄞";
      wide.with(name, Model.File.inline(new byte[random.nextInt(100)]));
    }
    return wide;
  }

  @Test
  void everyNameOfAWideDirectoryIsFoundAndNoOther() throws FsException {
    Model.Directory model = wide();
    VersionTree tree = fixture.tree(model);
    for (String name : model.children().keySet()) {
      TreeItem item = tree.find(tree.root(), name).orElseThrow();
      assertEquals(name, item.entry().name());
      assertEquals(name, tree.load(item.page(), item.index()).name());
      assertTrue(tree.find(tree.root(), name + "x").isEmpty());
      assertTrue(tree.find(tree.root(), name.substring(1)).isEmpty());
    }
    assertTrue(tree.find(tree.root(), "").isEmpty());
    assertTrue(tree.find(tree.root(), "\uDBFF\uDFFF").isEmpty());
    assertTrue(fixture.store.fetches().size() > 10, "the directory was cut into pages");
  }

  @Test
  void lookingOneNameUpInAWideDirectoryFetchesOnlyThePagesAboveIt() throws FsException {
    Model.Directory model = wide();
    VersionTree tree = fixture.tree(model);
    tree.find(tree.root(), model.children().firstKey());
    assertTrue(fixture.store.total() <= 3, fixture.store.total() + " pages");
  }

  @Test
  void aListingGoesOnAtEachPosition() throws FsException {
    Model.Directory model = wide();
    VersionTree tree = fixture.tree(model);
    List<String> names = new ArrayList<>(model.children().keySet());
    DirectoryListing listing = tree.list(tree.root());
    List<String> listed = new ArrayList<>();
    listing.list(
        0,
        (item, position) -> {
          listed.add(item.entry().name());
          assertEquals(listed.size(), position);
          return true;
        });
    assertEquals(names, listed);
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < WIDE; i++) {
      positions.add(i);
    }
    // In order, as readdir does, and in any order, as seekdir may.
    for (int at : positions) {
      assertEquals(names.get(at), one(listing, at));
    }
    java.util.Collections.shuffle(positions, new Random(2));
    for (int at : positions.subList(0, 3000)) {
      assertEquals(names.get(at), one(listing, at));
      assertEquals(names.get(at), one(tree.list(tree.root()), at));
    }
    assertEquals(null, one(listing, WIDE));
    assertEquals(null, one(listing, Long.MAX_VALUE));
  }

  private static String one(DirectoryListing listing, long from) throws FsException {
    List<String> names = new ArrayList<>();
    listing.list(
        from,
        (item, position) -> {
          assertEquals(from + 1, position);
          names.add(item.entry().name());
          return false;
        });
    return names.isEmpty() ? null : names.get(0);
  }

  @Test
  void namesAreInTheOrderOfTheirBytesAboveTheBasicPlaneToo() throws FsException {
    // UTF-16 would put the supplementary character before U+FFFD.
    Model.Directory model =
        new Model.Directory()
            .with("\uD834\uDD1E", Model.File.inline(new byte[1]))
            .with("\uFFFD", Model.File.inline(new byte[1]))
            .with("a", Model.File.inline(new byte[1]));
    VersionTree tree = fixture.tree(model);
    List<String> names = new ArrayList<>();
    tree.walk((path, entry) -> names.add(path));
    assertEquals(List.of("a", "\uFFFD", "\uD834\uDD1E"), names);
    for (String name : names) {
      assertEquals(name, tree.find(tree.root(), name).orElseThrow().entry().name());
    }
  }

  @Test
  void anEmptyDirectoryHasNoPageAndNoEntries() throws FsException {
    VersionTree tree = fixture.tree(new Model.Directory());
    assertTrue(tree.find(tree.root(), "x").isEmpty());
    assertEquals(null, one(tree.list(tree.root()), 0));
  }

  @Test
  void pathsAreResolvedWithoutFollowingLinks() throws FsException {
    VersionTree tree =
        fixture.tree(
            new Model.Directory()
                .with(
                    "a",
                    new Model.Directory()
                        .with("b", Model.File.inline(new byte[1]))
                        .with("l", new Model.Link(Model.TIME, "b"))));
    assertEquals(tree.root(), tree.require("/"));
    assertEquals(tree.root(), tree.require(""));
    assertEquals("b", tree.require("a/b").name());
    assertEquals("b", tree.require("//a/./b").name());
    assertEquals("a", tree.require("/a/").name());
    assertTrue(tree.require("a/l") instanceof TreeEntry.Symlink);
    assertFails(FailureKind.NOT_FOUND, tree, "a/c");
    assertFails(FailureKind.NOT_FOUND, tree, "..");
    assertFails(FailureKind.NOT_DIRECTORY, tree, "a/b/c");
    assertFails(FailureKind.NOT_DIRECTORY, tree, "a/b/");
    assertFails(FailureKind.NOT_DIRECTORY, tree, "a/l/x");
  }

  private static void assertFails(FailureKind kind, VersionTree tree, String path) {
    assertEquals(kind, assertThrows(FsException.class, () -> tree.require(path)).kind(), path);
  }

  @Test
  void aWalkGoesAsDeepAsPathsCan() throws FsException {
    TreeEntry file = fixture.builder.storeFile("e", Model.File.inline(new byte[1]));
    TreeEntry.Directory top = fixture.builder.storeDirectory("d", List.of());
    for (int i = 0; i < 2000; i++) {
      top = fixture.builder.storeDirectory("d", List.of(top, file));
    }
    fixture.builder.flush();
    VersionTree tree = fixture.reader.tree(top);
    List<String> paths = new ArrayList<>();
    tree.walk((path, entry) -> paths.add(path));
    assertEquals(4000, paths.size());
    assertEquals("d/".repeat(1999) + "d", paths.get(1999));
    assertEquals("d/".repeat(1999) + "e", paths.get(2000));
    assertEquals("e", paths.get(3999));
  }

  @Test
  void whatAVisitorThrowsEndsTheWalk() throws FsException {
    VersionTree tree =
        fixture.tree(new Model.Directory().with("a", Model.File.inline(new byte[1])));
    FsException thrown = new FsException(FailureKind.NO_SPACE, "full");
    FsException met =
        assertThrows(
            FsException.class,
            () ->
                tree.walk(
                    new TreeVisitor() {
                      @Override
                      public void visit(String path, TreeEntry entry) throws FsException {
                        throw thrown;
                      }

                      @Override
                      public void failed(String path, FsException failure) {
                        throw new AssertionError("reading did not fail");
                      }
                    }));
    assertEquals(thrown, met);
  }
}
