package io.datasetfs.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.TreeEntry.Directory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How often who walks through a tree waits for the store. */
@Timeout(120)
class TreeAheadTest {
  /** What a listing takes at a time. */
  private static final int STEP = 100;

  private final ReadFixture fixture = new ReadFixture(3, 1000);
  private final Set<BlockRef> pages = new HashSet<>();
  private int waited;

  @AfterEach
  void close() {
    fixture.close();
  }

  /** A tree of directories, the same number in each of them. */
  private static Model.Directory tree(int levels, int wide, String name) {
    Model.Directory directory = new Model.Directory();
    directory.with("name", Model.File.inline(name.getBytes(StandardCharsets.UTF_8)));
    for (int i = 0; levels > 0 && i < wide; i++) {
      directory.with("d%03d".formatted(i), tree(levels - 1, wide, name + "/" + i));
    }
    return directory;
  }

  /** Lists everything, a directory before those in it; counts the listings that waited. */
  private int walk(VersionTree tree, Directory directory) throws Exception {
    List<Directory> below = new ArrayList<>();
    waited += fixture.hasFetched(directory.page()) ? 0 : 1;
    pages.add(directory.page());
    tree.list(directory)
        .list(
            0,
            (item, position) -> {
              if (item.entry() instanceof Directory child) {
                below.add(child);
              }
              return true;
            });
    fixture.awaitReadahead();
    int listed = 1;
    for (Directory child : below) {
      // As the kernel does, by its name.
      TreeEntry found = tree.find(directory, child.name()).orElseThrow().entry();
      listed += walk(tree, (Directory) found);
    }
    return listed;
  }

  @Test
  void aWalkDoesNotWaitForEachDirectory() throws Exception {
    VersionTree tree = fixture.tree(tree(3, 12, ""));
    assertEquals(1 + 12 + 144 + 1728, walk(tree, tree.root()));
    assertTrue(waited <= 12, waited + " listings waited");
    assertEquals(1, Collections.max(fixture.fetchesOf(pages).values()));
  }

  @Test
  void aListingOrTwoAskForLittle() throws Exception {
    VersionTree tree = fixture.tree(tree(2, 200, ""));
    DirectoryListing root = tree.list(tree.root());
    List<Directory> below = new ArrayList<>();
    root.list(
        0,
        (item, position) -> {
          if (item.entry() instanceof Directory child) {
            below.add(child);
          }
          return true;
        });
    fixture.awaitReadahead();
    assertEquals(0, fixture.fetchesOf(pagesOf(below)).size());
    tree.list(below.get(100)).list(0, (entry, position) -> true);
    fixture.awaitReadahead();
    int fetched = fixture.fetchesOf(pagesOf(below)).size();
    assertTrue(fetched > 1 && fetched <= 1 + 8, fetched + " pages");
  }

  @Test
  void aWalkGoesOnAfterPlansThatWereDropped() throws Exception {
    Directory root = fixture.builder.store(tree(1, 200, ""));
    BusyPlanner busy = new BusyPlanner();
    fixture.reader = fixture.reader(busy.planner());
    VersionTree tree = fixture.reader.tree(root);
    List<Directory> below = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      below.add((Directory) tree.find(root, "d%03d".formatted(i)).orElseThrow().entry());
    }
    busy.occupy();
    for (Directory directory : below.subList(0, 20)) {
      tree.list(directory).list(0, (item, position) -> true);
    }
    busy.release();
    fixture.awaitReadahead();
    for (Directory directory : below.subList(20, 200)) {
      waited += fixture.hasFetched(directory.page()) ? 0 : 1;
      tree.list(directory).list(0, (item, position) -> true);
      fixture.awaitReadahead();
    }
    assertTrue(waited <= 2, waited + " listings waited");
  }

  private static List<BlockRef> pagesOf(List<Directory> directories) {
    return directories.stream().map(Directory::page).toList();
  }

  @Test
  void directoriesThatAreOnlyLookedIntoAskForNothing() throws FsException, InterruptedException {
    VersionTree tree = fixture.tree(tree(2, 20, ""));
    for (int i = 0; i < 20; i++) {
      tree.require("d%03d/name".formatted(i));
      fixture.awaitReadahead();
    }
    assertEquals(1 + 20, fixture.store.total());
  }

  @Test
  void theNextPagesOfAHugeDirectoryAreAskedForWhileItIsListed() throws Exception {
    Model.Directory huge = new Model.Directory();
    for (int i = 0; i < 100_000; i++) {
      huge.with("file-%07d".formatted(i), Model.File.inline(new byte[20]));
    }
    VersionTree tree = fixture.tree(huge);
    List<BlockRef> leaves = new ArrayList<>();
    for (int i = 0; i < 100_000; i += STEP) {
      leaves.add(tree.find(tree.root(), "file-%07d".formatted(i)).orElseThrow().page());
    }
    fixture.store.forget();
    fixture.reader = fixture.reader();
    DirectoryListing listing = fixture.reader.tree(tree.root()).list(tree.root());
    int waits = 0;
    for (int step = 0; step < leaves.size(); step++) {
      waits += fixture.hasFetched(leaves.get(step)) ? 0 : 1;
      long end = (step + 1) * (long) STEP;
      listing.list(end - STEP, (entry, position) -> position < end);
      fixture.awaitReadahead();
    }
    pages.addAll(leaves);
    assertTrue(pages.size() > 50, pages.size() + " pages");
    assertTrue(waits <= 8, waits + " waits for " + pages.size() + " pages");
    assertEquals(1, Collections.max(fixture.fetchesOf(pages).values()));
  }
}
