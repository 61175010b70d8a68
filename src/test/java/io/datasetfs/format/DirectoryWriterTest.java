package io.datasetfs.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.Utf8;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories of all sizes, written and read back. */
final class DirectoryWriterTest {
  private static final int HUGE = 100_000;

  private static BlockRef write(PageStore pages, Collection<? extends TreeEntry> entries)
      throws FsException {
    DirectoryWriter writer = new DirectoryWriter(pages);
    for (TreeEntry entry : entries) {
      writer.add(entry);
    }
    return writer.finish();
  }

  /** The content depends on the name alone, so that only the change under test is one. */
  private static BlockRef writeNames(PageStore pages, Collection<String> names) throws FsException {
    DirectoryWriter writer = new DirectoryWriter(pages);
    for (String name : names) {
      writer.add(new Samples(name.hashCode()).inline(name, 40));
    }
    return writer.finish();
  }

  @Test
  void anEmptyDirectoryHasNoPage() throws FsException {
    PageStore pages = new PageStore();
    assertNull(new DirectoryWriter(pages).finish());
    assertTrue(pages.pages.isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 100, 1000, 5000, 20_000})
  void entriesOfEveryTypeComeBack(int count) throws FsException {
    for (int seed = 0; seed < (count > 1000 ? 1 : 3); seed++) {
      Samples samples = new Samples(seed);
      List<TreeEntry> entries =
          samples.names(count, 30).stream().map(samples::entry).map(TreeEntry.class::cast).toList();
      PageStore pages = new PageStore();
      BlockRef root = write(pages, entries);
      assertEquals(Samples.describe(entries), Samples.describe(pages.entries(root)));
      for (int i = 0; i < 200; i++) {
        TreeEntry wanted = entries.get(samples.below(count));
        assertEquals(
            Samples.describe(wanted),
            Samples.describe(pages.find(root, Utf8.encode(wanted.name()))));
      }
    }
  }

  @Test
  void namesAreOrderedByTheirBytes() throws FsException {
    // As text, the surrogates of a supplementary character come before U+E000 and U+FFFF.
    List<String> ordered = List.of("a", "b\u007f", "é", "\ue000", "\uffff", "\ud800\udc00", "😀");
    List<TreeEntry> entries = new ArrayList<>();
    ordered.forEach(name -> entries.add(new Samples(1).inline(name, 3)));
    PageStore pages = new PageStore();
    BlockRef root = write(pages, entries);
    assertEquals(ordered, pages.entries(root).stream().map(TreeEntry::name).toList());
    DirectoryWriter writer = new DirectoryWriter(pages);
    writer.add(new Samples(1).inline("😀", 1));
    TreeEntry before = new Samples(1).inline("\uffff", 1);
    assertThrows(IllegalArgumentException.class, () -> writer.add(before));
    TreeEntry same = new Samples(1).inline("😀", 2);
    assertThrows(IllegalArgumentException.class, () -> writer.add(same));
  }

  @Test
  void namesThatAreNotThereAreNotFound() throws FsException {
    SortedSet<String> names = new Samples(5).names(20_000, 30);
    PageStore pages = new PageStore();
    BlockRef root = writeNames(pages, names);
    assertNull(pages.find(root, new byte[0]));
    assertNull(pages.find(root, new byte[] {-1}));
    Samples others = new Samples(6);
    for (int i = 0; i < 1000; i++) {
      String name = others.name(30);
      assertEquals(names.contains(name), pages.find(root, Utf8.encode(name)) != null, name);
    }
  }

  @Test
  void theLongestNamesFit() throws FsException {
    String longest = "x".repeat(251) + "😀";
    TreeEntry entry = new Samples(2).entry(longest);
    PageStore pages = new PageStore();
    BlockRef root = write(pages, List.of(entry));
    assertEquals(List.of(Samples.describe(entry)), Samples.describe(pages.entries(root)));
  }

  @Test
  void aHugeDirectoryHasSeveralLevelsOfModeratePages() throws FsException {
    SortedSet<String> names = new TreeSet<>(Samples.BY_BYTES);
    for (int i = 0; i < 250_000; i++) {
      names.add("a-rather-long-name-that-makes-the-index-grow-" + Integer.toString(i, 36));
    }
    PageStore pages = new PageStore();
    BlockRef root = writeNames(pages, names);
    assertTrue(pages.depth(root) >= 2, () -> pages.pages.size() + " pages");
    assertEquals(List.copyOf(names), pages.entries(root).stream().map(TreeEntry::name).toList());
    int longest = pages.pages.values().stream().mapToInt(page -> page.length).max().orElseThrow();
    assertTrue(longest < 300 << 10, () -> "a page of " + longest + " bytes");
    for (String name : names) {
      if (name.hashCode() % 100 == 0) {
        assertEquals(name, pages.find(root, Utf8.encode(name)).name());
      }
    }
  }

  @Test
  void aChangedNameChangesFewPagesOfAHugeDirectory() throws FsException {
    SortedSet<String> names = new TreeSet<>(Samples.BY_BYTES);
    for (int i = 0; i < HUGE; i++) {
      names.add("file-" + i);
    }
    PageStore pages = new PageStore();
    writeNames(pages, names);
    Set<Object> before = new HashSet<>(pages.pages.keySet());
    assertTrue(before.size() > 50, () -> before.size() + " pages");
    Samples samples = new Samples(9);
    for (int round = 0; round < 8; round++) {
      SortedSet<String> changed = new TreeSet<>(names);
      String name = "file-" + samples.below(HUGE);
      if (round % 2 == 0) {
        changed.remove(name);
      } else {
        changed.add(name + "-more");
      }
      PageStore after = new PageStore();
      after.pages.putAll(pages.pages);
      writeNames(after, changed);
      int added = after.pages.size() - before.size();
      assertTrue(added <= 6, () -> "%d of %d pages changed".formatted(added, before.size()));
    }
  }

  @Test
  void pagesDependOnTheirContentAlone() throws FsException {
    SortedSet<String> names = new Samples(11).names(30_000, 20);
    PageStore first = new PageStore();
    PageStore second = new PageStore();
    assertEquals(writeNames(first, names), writeNames(second, names));
    assertEquals(first.pages.keySet(), second.pages.keySet());
  }
}
