package io.datasetfs.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.fs.Inode;
import io.datasetfs.fs.SampleFileSystem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class NodeTableTest {
  private final NodeTable table = new NodeTable(new SampleFileSystem());

  private record Fixed(long number, String what) implements Inode {
    @Override
    public boolean immutable() {
      return true;
    }
  }

  private record Moving(long number, String what) implements Inode {
    @Override
    public boolean immutable() {
      return false;
    }
  }

  private long add(Inode inode) {
    return table.add(inode, 1, "name", false);
  }

  @Test
  void aNodeIsKnownUntilAllItsLookupsAreForgotten() {
    Inode inode = new Fixed(5, "a");
    assertEquals(5, add(inode));
    assertEquals(5, add(new Fixed(5, "a")));
    assertSame(inode, table.find(5));
    table.forget(5, 1);
    assertSame(inode, table.find(5));
    table.forget(5, 1);
    assertNull(table.find(5));
    assertEquals(0, table.size());
    table.forget(5, 1); // of no consequence
  }

  @Test
  void aDirectoryHasOneName() {
    Inode directory = new Moving(5, "a");
    table.add(directory, 1, "before", true);
    table.add(new Moving(6, "b"), 1, "before", true);
    table.add(directory, 1, "after", true);
    assertEquals(6, table.find(1, "before"));
    assertEquals(5, table.find(1, "after"));
    table.add(directory, 1, "at last", true);
    assertEquals(0, table.find(1, "after"));
    table.forget(5, 3);
    table.forget(6, 1);
    assertEquals(0, table.names());
  }

  @Test
  void twoInodesOfOneNumberAreTwoNodes() {
    Inode first = new Fixed(5, "a");
    Inode second = new Fixed(5, "b");
    Inode root = new Fixed(1, "not the top");
    long a = add(first);
    long b = add(second);
    long c = add(root);
    assertNotEquals(a, b);
    assertNotEquals(Protocol.ROOT, c);
    assertEquals(b, add(new Fixed(5, "b")));
    assertSame(first, table.find(a));
    assertSame(second, table.find(b));
    assertSame(root, table.find(c));
    table.forget(b, 1);
    assertSame(second, table.find(b));
    table.forget(b, 1);
    assertNull(table.find(b));
    long later = add(second);
    assertNotEquals(b, later, "the kernel may have pages of the first time");
    table.forget(a, 1);
    table.forget(c, 1);
    table.forget(later, 1);
    assertEquals(0, table.size());
  }

  @Test
  void namesThatMayMoveAreFound() {
    table.add(new Moving(7, "a"), 3, "latest", false);
    table.add(new Fixed(8, "b"), 3, "file", false);
    table.add(new Fixed(9, "c"), 3, "directory", true);
    assertEquals(7, table.find(3, "latest"));
    assertEquals(0, table.find(3, "file"));
    assertEquals(0, table.find(4, "latest"));
    assertEquals(3, table.parent(9));
    assertEquals(0, table.parent(8));
    table.add(new Moving(10, "a"), 3, "latest", false);
    assertEquals(10, table.find(3, "latest"));
    table.forget(7, 1);
    assertEquals(10, table.find(3, "latest"));
    table.forget(10, 1);
    assertEquals(0, table.find(3, "latest"));
    assertEquals(0, table.names());
  }

  @Test
  void itAgreesWithAMap() {
    Random random = new Random(1);
    Map<Long, Integer> counts = new HashMap<>();
    for (int step = 0; step < 400_000; step++) {
      // grows to some thousands, then shrinks
      long number = 2 + random.nextInt(20_000) * 64L;
      Integer known = counts.get(number);
      if (random.nextInt(400_000) > step) {
        assertEquals(number, add(new Fixed(number, "")));
        counts.merge(number, 1, Integer::sum);
      } else if (known != null) {
        int times = 1 + random.nextInt(known);
        table.forget(number, times);
        counts.compute(number, (key, count) -> count == times ? null : (Integer) (count - times));
      }
      assertEquals(counts.containsKey(number), table.find(number) != null);
    }
    assertEquals(counts.size(), table.size());
    counts.forEach(
        (number, count) -> {
          assertEquals(number, table.find(number).number());
          table.forget(number, count);
        });
    assertEquals(0, table.size());
  }

  @Test
  void threadsMayAddAndForgetTheSame() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        Random random = new Random(thread);
        all.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 100_000; i++) {
                    Inode inode = new Moving(2 + random.nextInt(50), "x");
                    long node = table.add(inode, 1, "n" + inode.number(), false);
                    assertTrue(table.find(node) != null);
                    table.forget(node, 1);
                  }
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertEquals(0, table.size());
  }
}
