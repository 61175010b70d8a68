package io.datasetfs.staging;

import static io.datasetfs.staging.Areas.at;
import static io.datasetfs.staging.Areas.readBytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.read.Model;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files over committed ones on a disk that is full for a while. */
class FullDiskOverBaseTest {
  private static final int FILES = 10;
  private static final byte[] COMMITTED = BaseFixture.random(1, 6 * PageMap.PAGE + 100);
  private static final byte[] WRITTEN = BaseFixture.random(2, PageMap.PAGE);

  @TempDir private Path temp;

  private static BaseFixture base() throws FsException {
    Model.Directory model = new Model.Directory();
    for (int i = 0; i < FILES; i++) {
      model = model.with("file" + i, Model.File.of(COMMITTED));
    }
    return new BaseFixture(model);
  }

  @Test
  void whatIsWrittenOnceThereIsRoomStays() throws Exception {
    byte[] expected = COMMITTED.clone();
    System.arraycopy(WRITTEN, 0, expected, 4 * PageMap.PAGE, WRITTEN.length);
    try (SmallDisk disk = new SmallDisk(temp.resolve("disk"));
        BaseFixture base = base()) {
      try (StagedVersion version = base.create(disk.directory())) {
        Map<StagedFile, byte[]> refused = new LinkedHashMap<>();
        for (int i = 0; i < FILES; i++) {
          StagedFile file = version.open(at(version, "file" + i), OpenMode.WRITE);
          disk.fill(1); // for the page itself, and nothing that tells of it
          try {
            file.write(4 * PageMap.PAGE, ByteBuffer.wrap(WRITTEN));
            file.close();
          } catch (FsException e) {
            assertEquals(FailureKind.NO_SPACE, e.kind());
            refused.put(file, readBytes(file, COMMITTED.length));
          }
        }
        disk.empty();
        assertFalse(refused.isEmpty());
        for (Map.Entry<StagedFile, byte[]> file : refused.entrySet()) {
          assertArrayEquals(COMMITTED, file.getValue());
          file.getKey().write(4 * PageMap.PAGE, ByteBuffer.wrap(WRITTEN));
          file.getKey().sync(false);
          file.getKey().close();
        }
      }
      try (StagedVersion version = base.open(disk.directory())) {
        for (int i = 0; i < FILES; i++) {
          assertArrayEquals(expected, readBytes(version, at(version, "file" + i)), "file" + i);
        }
      }
    }
  }

  @Test
  void whatWasRefusedDoesNotShowWhenTheFileGrows() throws Exception {
    int end = COMMITTED.length;
    byte[] expected = new byte[end + 2 * PageMap.PAGE];
    System.arraycopy(COMMITTED, 0, expected, 0, end);
    try (SmallDisk disk = new SmallDisk(temp.resolve("disk"));
        BaseFixture base = base();
        StagedVersion version = base.create(disk.directory())) {
      for (int i = 0; i < FILES; i++) {
        StagedInode inode = at(version, "file" + i);
        try (StagedFile file = version.open(inode, OpenMode.WRITE)) {
          disk.fill(1);
          boolean refused = false;
          try {
            file.write(6 * PageMap.PAGE, ByteBuffer.wrap(WRITTEN));
          } catch (FsException e) {
            refused = true;
          }
          disk.empty();
          if (refused) {
            file.truncate(expected.length);
            assertArrayEquals(expected, readBytes(file, expected.length));
          }
        }
      }
    }
  }
}
