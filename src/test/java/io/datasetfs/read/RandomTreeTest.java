package io.datasetfs.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.Utf8;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random trees, written and read again, against what they were made from. */
class RandomTreeTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void whatIsReadIsWhatWasWritten(long seed) throws FsException {
    try (ReadFixture fixture = new ReadFixture(seed, 6000)) {
      Model.Directory model = new RandomTree(seed).root();
      VersionTree tree = fixture.tree(model);
      compare(fixture, tree, tree.root(), model, new Random(seed), "seed " + seed + ": ");
    }
  }

  private static void compare(
      ReadFixture fixture,
      VersionTree tree,
      TreeEntry.Directory directory,
      Model.Directory model,
      Random random,
      String path)
      throws FsException {
    List<TreeEntry> listed = new ArrayList<>();
    tree.list(directory)
        .list(
            0,
            (item, position) -> {
              listed.add(item.entry());
              return true;
            });
    assertEquals(
        List.copyOf(model.children().keySet()),
        listed.stream().map(TreeEntry::name).toList(),
        path);
    long directories =
        model.children().values().stream().filter(m -> m instanceof Model.Directory).count();
    assertEquals(model.children().size(), directory.summary().entries(), path);
    assertEquals(directories, directory.summary().directories(), path);
    int i = 0;
    for (Map.Entry<String, Model> child : model.children().entrySet()) {
      String childPath = path + "/" + child.getKey();
      TreeEntry entry = listed.get(i++);
      TreeEntry found = tree.find(directory, child.getKey()).orElseThrow().entry();
      assertEquals(entry.mtime(), found.mtime(), childPath);
      compareEntry(fixture, tree, entry, child.getValue(), random, childPath);
    }
  }

  private static void compareEntry(
      ReadFixture fixture,
      VersionTree tree,
      TreeEntry entry,
      Model model,
      Random random,
      String path)
      throws FsException {
    assertEquals(model.mode(), entry.mode(), path);
    assertEquals(model.mtime(), entry.mtime(), path);
    if (model instanceof Model.Directory directory) {
      compare(fixture, tree, (TreeEntry.Directory) entry, directory, random, path);
    } else if (model instanceof Model.Link link) {
      assertEquals(link.target(), ((TreeEntry.Symlink) entry).target(), path);
      assertEquals(Utf8.encode(link.target()).length, entry.size(), path);
    } else {
      compareFile(fixture, (TreeEntry.File) entry, (Model.File) model, random, path);
    }
  }

  private static void compareFile(
      ReadFixture fixture, TreeEntry.File entry, Model.File model, Random random, String path)
      throws FsException {
    assertEquals(model.size(), entry.size(), path);
    FileReader file = fixture.reader.open(entry);
    if (model.size() < 2_000_000) {
      int all = (int) model.size();
      assertArrayEquals(model.bytes(0, all + 1), ReadFixture.read(file, 0, all + 1), path);
    }
    for (int i = 0; i < 10 && model.size() > 0; i++) {
      long at = (long) (random.nextDouble() * model.size());
      int length = 1 + random.nextInt(40_000);
      byte[] read = ReadFixture.read(file, at, length);
      assertArrayEquals(
          model.bytes(at, length), read, () -> path + ": " + length + " bytes at " + at);
      assertTrue(read.length > 0, path);
    }
  }
}
