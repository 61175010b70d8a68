package io.datasetfs.store.local;

import static io.datasetfs.store.Contents.pieces;
import static io.datasetfs.store.Contents.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds between processes, and when they are killed. */
final class LocalProcessesTest {
  @TempDir private Path root;
  private final List<Process> children = new ArrayList<>();

  @AfterEach
  void endChildren() throws Exception {
    for (Process child : children) {
      kill(child);
    }
  }

  @Test
  void noIncrementIsLostBetweenProcesses() throws Exception {
    try (LocalObjectStore store = LocalObjectStore.open(root)) {
      store.putIfAbsent(StoreChild.COUNTERS + 0, pieces("0"));
      store.putIfAbsent(StoreChild.COUNTERS + 1, pieces("0"));
      for (int i = 0; i < 3; i++) {
        start("count", 30);
      }
      for (Process child : children) {
        assertEquals(0, child.waitFor());
      }
      for (int i = 0; i < 2; i++) {
        assertEquals("360", text(store.find(StoreChild.COUNTERS + i).orElseThrow()));
      }
    }
  }

  @Test
  void aKeyIsTakenByOneProcess() throws Exception {
    for (int i = 0; i < 3; i++) {
      start("take", "child-" + i, 300);
    }
    List<Set<String>> taken = new ArrayList<>();
    int sum = 0;
    for (Process child : children) {
      try (BufferedReader output = StoreChild.output(child)) {
        taken.add(new TreeSet<>(output.lines().toList()));
      }
      assertEquals(0, child.waitFor());
      sum += taken.get(taken.size() - 1).size();
    }
    assertEquals(300, sum);
    try (LocalObjectStore store = LocalObjectStore.open(root)) {
      for (int i = 0; i < 3; i++) {
        for (String key : taken.get(i)) {
          assertEquals("child-" + i, text(store.find(key).orElseThrow()));
        }
      }
    }
  }

  @Test
  void aKilledWriterLeavesWholeObjectsOnly() throws Exception {
    Random random = new Random(7);
    Set<String> expected = new TreeSet<>();
    try (LocalObjectStore store = LocalObjectStore.open(root)) {
      store.putIfAbsent(StoreChild.HEAD, pieces(StoreChild.head(0)));
    }
    int leftBehind = 0;
    for (int round = 0; round < 30; round++) {
      Process child = start("write", round);
      int head = -1;
      try (BufferedReader output = StoreChild.output(child)) {
        // the first line says that it is at work
        boolean killed = false;
        for (String line = output.readLine(); line != null; line = output.readLine()) {
          if (!killed) {
            Thread.sleep(0, random.nextInt(1_000_000));
            Thread.sleep(random.nextInt(40));
            child.toHandle().destroyForcibly(); // Process would close the pipe, too
            killed = true;
          }
          String[] words = line.split(" ", 2);
          switch (words[0]) {
            case "put" -> expected.add(words[1]);
            case "deleting" -> expected.remove(words[1]);
            default -> head = Integer.parseInt(words[1]);
          }
        }
      }
      child.waitFor();
      leftBehind += filesIn("tmp").size();
      try (LocalObjectStore store = LocalObjectStore.open(root)) {
        assertEquals(List.of(), filesIn("tmp"));
        assertStateIsWhole(store, expected, head);
      }
    }
    assertTrue(leftBehind >= 30, "each killed writer should leave its session: " + leftBehind);
  }

  private static void assertStateIsWhole(LocalObjectStore store, Set<String> expected, int head)
      throws Exception {
    Set<String> listed = new TreeSet<>();
    store.list("", object -> listed.add(object.key()));
    for (String key : listed) {
      assertTrue(StoreChild.isWhole(store.find(key).orElseThrow().content()), key);
    }
    assertTrue(listed.containsAll(expected), "lost: " + minus(expected, listed));
    // one that was being put or deleted may be there too
    byte[] content = store.find(StoreChild.HEAD).orElseThrow().content();
    assertTrue(StoreChild.isWhole(content));
    assertTrue(
        head < 0
            || Arrays.equals(content, StoreChild.head(head))
            || Arrays.equals(content, StoreChild.head(head + 1)),
        "a confirmed replacement is lost");
  }

  private static Set<String> minus(Set<String> all, Set<String> some) {
    Set<String> rest = new TreeSet<>(all);
    rest.removeAll(some);
    return rest;
  }

  @Test
  void temporaryFilesLiveAsLongAsTheirProcess() throws Exception {
    Process child = start("hold");
    BufferedReader output = StoreChild.output(child);
    Path temporary = Path.of(output.readLine());

    LocalObjectStore.open(root).close();
    assertTrue(Files.exists(temporary));
    assertEquals(2, filesIn("tmp").size());

    kill(child);
    assertTrue(Files.exists(temporary));
    LocalObjectStore.open(root).close();
    assertEquals(List.of(), filesIn("tmp"));
  }

  /** Closing any descriptor of a locked file drops the lock: opening must not do that. */
  @Test
  void openingInThisProcessDoesNotGiveItsFilesUp() throws Exception {
    try (TemporaryFiles files = new TemporaryFiles(root, root.resolve("tmp"))) {
      Path temporary = files.write(pieces("on its way")).path();
      LocalObjectStore.open(root).close();
      assertTrue(Files.exists(temporary));

      assertEquals(0, start("open").waitFor());
      assertTrue(Files.exists(temporary));
    }
    LocalObjectStore.open(root).close();
    assertEquals(List.of(), filesIn("tmp"));
  }

  @Test
  void whatAKilledProcessHeldIsFree() throws Exception {
    try (LocalObjectStore store = LocalObjectStore.open(root)) {
      store.putIfAbsent(StoreChild.HEAD, pieces(StoreChild.head(0)));
      Process child = start("write", 1);
      BufferedReader output = StoreChild.output(child);
      for (int i = 0; i < 5; i++) {
        assertFalse(output.readLine().isEmpty());
      }
      kill(child);
      String tag = store.stat(StoreChild.HEAD).orElseThrow().entityTag();
      assertTrue(store.replaceIfMatch(StoreChild.HEAD, tag, pieces("mine")).isPresent());
    }
  }

  private Process start(String task, Object... arguments) throws IOException {
    Process child = StoreChild.start(task, root, arguments);
    children.add(child);
    return child;
  }

  private static void kill(Process child) throws InterruptedException {
    child.destroyForcibly();
    assertTrue(child.waitFor(60, TimeUnit.SECONDS));
  }

  private List<String> filesIn(String directory) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve(directory))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
