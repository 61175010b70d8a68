package io.datasetfs.staging;

import static io.datasetfs.staging.Areas.at;
import static io.datasetfs.staging.Areas.list;
import static io.datasetfs.staging.Areas.read;
import static io.datasetfs.staging.Areas.write;
import static io.datasetfs.staging.StagedVersionTest.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.fuse.Shell;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An area on a disk that is full. */
class FullDiskTest {
  private static final int BLOCK = 64 << 10;

  @TempDir private Path temp;
  private Path disk;
  private StagedVersion version;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(temp.resolve("disk"));
    Shell.succeed("mount -t tmpfs -o size=12m dsfs-test \"$1\"", disk);
    version = Areas.create(disk);
  }

  @AfterEach
  void unmount() throws Exception {
    version.close();
    Shell.succeed("umount \"$1\"", disk);
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
