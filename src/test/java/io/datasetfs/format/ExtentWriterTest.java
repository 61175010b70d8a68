package io.datasetfs.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.Extent;
import io.datasetfs.model.FsException;
import io.datasetfs.model.TreeEntry.FileContent;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Extents of files of all sizes, written and read back. */
final class ExtentWriterTest {
  private static FileContent write(PageStore pages, List<Extent> extents) throws FsException {
    ExtentWriter writer = new ExtentWriter(pages);
    for (Extent extent : extents) {
      writer.add(extent);
    }
    return writer.finish();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 63, 64})
  void fewExtentsStayInTheEntry(int count) throws FsException {
    List<Extent> extents = new Samples(count).extents(count);
    PageStore pages = new PageStore();
    assertEquals(new FileContent.Extents(extents), write(pages, extents));
    assertTrue(pages.pages.isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {65, 66, 1000, 10_000})
  void manyExtentsGetPages(int count) throws FsException {
    List<Extent> extents = new Samples(count).extents(count);
    PageStore pages = new PageStore();
    FileContent.Paged paged = assertInstanceOf(FileContent.Paged.class, write(pages, extents));
    assertEquals(extents, pages.extents(paged.page()));
  }

  @Test
  void veryManyExtentsGetSeveralLevels() throws FsException {
    List<Extent> extents = new Samples(3).extents(300_000);
    PageStore pages = new PageStore();
    FileContent.Paged paged = assertInstanceOf(FileContent.Paged.class, write(pages, extents));
    assertTrue(pages.depth(paged.page()) >= 2, () -> pages.pages.size() + " pages");
    assertEquals(extents, pages.extents(paged.page()));
  }

  @Test
  void adjacentHolesBecomeOne() throws FsException {
    Extent stored = new Samples(4).extents(1).get(0);
    PageStore pages = new PageStore();
    List<Extent> given =
        List.of(
            new Extent.Hole(5),
            new Extent.Hole(1L << 40),
            stored,
            new Extent.Hole(1),
            new Extent.Hole(2));
    assertEquals(
        new FileContent.Extents(
            List.of(new Extent.Hole(5 + (1L << 40)), stored, new Extent.Hole(3))),
        write(pages, given));
  }

  @Test
  void anInsertedExtentChangesFewPages() throws FsException {
    List<Extent> extents = new java.util.ArrayList<>(new Samples(7).extents(50_000));
    PageStore pages = new PageStore();
    write(pages, extents);
    Set<Object> before = new HashSet<>(pages.pages.keySet());
    extents.add(100, new Samples(8).extents(1).get(0));
    write(pages, extents);
    int added = pages.pages.size() - before.size();
    assertTrue(added <= 6, () -> "%d of %d pages changed".formatted(added, before.size()));
  }
}
