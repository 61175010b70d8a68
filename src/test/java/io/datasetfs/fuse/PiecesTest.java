package io.datasetfs.fuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The small parts by themselves. */
class PiecesTest {
  @Test
  void mountTableLines() {
    String table =
        """
        22 27 0:21 / /proc rw,relatime - proc proc rw
        28 27 0:25 / /a\\040b\\134c\\303\\274 ro shared:1 master:2 - fuse.dsfs da\\040ta ro
        nonsense
        """;
    assertEquals(
        List.of(
            new MountEntry("0:21", "/proc", "proc", "proc"),
            new MountEntry("0:25", "/a b\\cü", "fuse.dsfs", "da ta")),
        MountEntry.parse(table.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void handlesAreNeverReused() throws Exception {
    Handles<String> handles = new Handles<>();
    long first = handles.add("a");
    assertEquals("a", handles.require(first));
    assertEquals("a", handles.remove(first));
    assertThrows(Handles.UnknownHandle.class, () -> handles.require(first));
    assertThrows(Handles.UnknownHandle.class, () -> handles.remove(first));
    assertTrue(handles.add("b") != first);
    List<String> drained = new ArrayList<>();
    handles.drain(drained::add);
    assertEquals(List.of("b"), drained);
  }

  @Test
  void pagesAreKeptForTheSameInodeOnly() {
    KeptPages pages = new KeptPages();
    assertFalse(pages.open(5, 100));
    assertTrue(pages.open(5, 100));
    assertFalse(pages.open(5, 101));
    assertTrue(pages.open(5, 101));
    assertFalse(pages.open(5, 0));
    assertFalse(pages.open(5, 0));
    assertFalse(pages.open(5, 101));
    assertFalse(pages.open(5 + (1 << 20), 101));
    assertFalse(pages.open(5, 101));
    assertTrue(pages.open(5, 101));
  }

  @Test
  void offsetsAreThoseOfTheHeaders() {
    assertEquals(304, Layouts.OPERATION_FLAGS);
    if (System.getProperty("os.arch").equals("amd64")) {
      assertEquals(144, Layouts.STAT_SIZE);
    }
  }
}
