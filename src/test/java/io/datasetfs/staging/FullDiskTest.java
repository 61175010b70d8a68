package io.datasetfs.staging;

import static io.datasetfs.staging.Areas.at;
import static io.datasetfs.staging.Areas.list;
import static io.datasetfs.staging.Areas.read;
import static io.datasetfs.staging.Areas.readBytes;
import static io.datasetfs.staging.Areas.write;
import static io.datasetfs.staging.StagedVersionTest.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An area on a disk that is full. */
class FullDiskTest {
  private static final int BLOCK = 64 << 10;

  @TempDir private Path temp;
  private SmallDisk small;
  private Path disk;
  private StagedVersion version;

  @BeforeEach
  void mount() throws Exception {
    small = new SmallDisk(temp.resolve("disk"));
    disk = small.directory();
    version = Areas.create(disk);
  }

  @AfterEach
  void unmount() throws Exception {
    version.close();
    small.close();
  }

  /** Makes names, and changes a file, until not even that has room. */
  private void fillJournal(StagedInode file) throws FsException {
    for (int length : new int[] {2000, 1}) {
      assertFails(
          FailureKind.NO_SPACE,
          () -> {
            for (int i = 0; i < 1_000_000; i++) {
              String name = "link%d-%d".formatted(length, i);
              version.makeSymlink(version.root(), name, "x".repeat(length), Areas.ROOT);
            }
          });
    }
    assertFails(
        FailureKind.NO_SPACE,
        () -> {
          for (int i = 0; i < 1_000_000; i++) {
            version.setAttributes(file, AttributeChange.NONE.withMode(0600));
          }
        });
  }

  /** Who uses the area hears of it; a command would print what it did not ask for. */
  @Test
  void aFullDiskIsNotLoggedAtOnce() throws Exception {
    StagedInode file = write(version, version.root(), "file", "text");
    small.fill(0);
    List<String> logged = new CopyOnWriteArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            if (record.getLevel().intValue() >= Level.INFO.intValue()) {
              logged.add(record.getMessage());
            }
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger root = Logger.getLogger("");
    root.addHandler(handler);
    try {
      version.setAttributes(file, AttributeChange.NONE.withMode(0600));
      assertFails(FailureKind.NO_SPACE, () -> version.seal(Duration.ZERO));
      version.close();
    } finally {
      root.removeHandler(handler);
    }
    assertEquals(List.of(), logged);
    small.empty();
    version = Areas.open(disk);
    assertEquals(0600, version.attributes(at(version, "file")).mode());
  }

  @Test
  void cuttingFilesMakesRoom() throws Exception {
    StagedInode cut = write(version, version.root(), "cut", "text");
    StagedInode emptied = write(version, version.root(), "emptied", "more text");
    try (StagedFile file = version.open(cut, OpenMode.WRITE)) {
      for (int i = 0; i < 32; i++) {
        file.write((long) i * BLOCK, ByteBuffer.allocate(BLOCK));
      }
    }
    small.fill(0);
    fillJournal(cut);
    String name = "directory".repeat(10);
    assertFails(
        FailureKind.NO_SPACE, () -> version.makeDirectory(version.root(), name, 0755, Areas.ROOT));

    version.open(emptied, new OpenMode(true, true, 0)).close();
    AttributeChange shorter = AttributeChange.NONE.withSize(3).withSetId(SetIdBits.DROPPED);
    assertEquals(3, version.setAttributes(cut, shorter).size());

    assertEquals(0, version.attributes(emptied).size());
    assertEquals(8, version.attributes(cut).blocks());
    version.makeDirectory(version.root(), name, 0755, Areas.ROOT);
    small.empty();
    version.close();
    version = Areas.open(disk);
    assertEquals(3, read(version, at(version, "cut")).length());
    assertEquals("", read(version, at(version, "emptied")));
  }

  @Test
  void whatCannotBeCutStaysAsItIs() throws Exception {
    StagedInode inode = write(version, version.root(), "file", "");
    byte[] content = BaseFixture.random(4, 8000);
    int size = content.length;
    try (StagedFile file = version.open(inode, OpenMode.WRITE)) {
      file.write(0, ByteBuffer.wrap(content));
      small.fill(0);
      fillJournal(inode);
      FsException failure = null;
      // Not so far that a page is given back.
      while (failure == null && size > SmallDisk.PAGE + 1) {
        try {
          file.truncate(size - 1);
          size--;
        } catch (FsException e) {
          failure = e;
        }
      }
      assertEquals(FailureKind.NO_SPACE, failure.kind());
      assertEquals(size, version.attributes(inode).size());
      assertArrayEquals(Arrays.copyOf(content, size), readBytes(file, size + 1));
      small.empty();
    }
    version.close();
    version = Areas.open(disk);
    assertArrayEquals(Arrays.copyOf(content, size), readBytes(version, at(version, "file")));
  }

  @Test
  void anAreaIsGivenBackWholeAlsoWhereThatFails() throws Exception {
    List<StagedFile> files = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      files.add(version.create(version.root(), "file" + i, 0644, Areas.ROOT, OpenMode.WRITE));
      files.get(i).write(0, Areas.bytes("text" + i));
    }
    small.fill(0);
    fillJournal(files.get(0).inode());
    String threads = "dsfs-staging-" + Areas.VERSION;
    assertTrue(isRunning(threads));

    assertFails(FailureKind.NO_SPACE, version::close);

    assertFalse(isRunning(threads), "it still changes the area");
    assertEquals(Optional.empty(), Areas.in(disk).holder(Areas.DATASET, Areas.VERSION));
    small.empty();
    version = Areas.open(disk);
    for (int i = 0; i < 20; i++) {
      assertEquals("text" + i, read(version, at(version, "file" + i)));
    }
  }

  private static boolean isRunning(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals(name));
  }

  @Test
  void writersAreToldAndDeletingMakesRoom() throws Exception {
    write(version, version.root(), "precious", "text");
    long written = 0;
    try (StagedFile file =
        version.create(version.root(), "large", 0644, Areas.ROOT, OpenMode.WRITE)) {
      int count = BLOCK;
      while (count == BLOCK) {
        try {
          count = file.write(written, ByteBuffer.allocate(BLOCK));
        } catch (FsException e) {
          assertEquals(FailureKind.NO_SPACE, e.kind());
          count = 0;
        }
        written += count;
      }
      assertEquals(written, version.attributes(file.inode()).size());
    }
    assertTrue(written > 4 << 20, "room for " + written);
    // Names fit into what the journal has allocated, until that is full as well.
    int made = 0;
    try {
      for (; made < 1_000_000; made++) {
        version.makeSymlink(version.root(), "link" + made, "x".repeat(2000), Areas.ROOT);
      }
    } catch (FsException e) {
      assertEquals(FailureKind.NO_SPACE, e.kind());
    }
    assertTrue(made < 1_000_000, "the disk is never full");
    int count = made;
    assertFails(FailureKind.NOT_FOUND, () -> version.lookup(version.root(), "link" + count));
    assertEquals(made + 2, list(version, version.root()).size());
    assertEquals("text", read(version, at(version, "precious")));

    version.close();
    version = Areas.open(disk);
    assertEquals(made + 2, list(version, version.root()).size());

    for (int i = 0; i < made; i++) {
      version.unlink(version.root(), "link" + i);
    }
    version.unlink(version.root(), "large");
    write(version, version.root(), "again", "more text");
    version.close();
    version = Areas.open(disk);
    assertEquals("text", read(version, at(version, "precious")));
    assertEquals("more text", read(version, at(version, "again")));
    assertEquals(2, list(version, version.root()).size());
  }
}
