package io.datasetfs.staging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes that are only in the journal when their process ends. */
class JournalTest {
  @TempDir private Path temp;

  /** A change of so many rows, the first of which has that number. */
  private static Change change(long number, int rows) {
    Change change = new Change();
    for (int i = 0; i < rows; i++) {
      RowEdit row = new RowEdit(number + i, InodeKind.FIFO);
      row.atime = Instant.EPOCH;
      row.modified(Instant.EPOCH);
      change.put(row.done());
    }
    return change;
  }

  /** The first number of each change that is there when the journal is opened anew. */
  private static List<Long> reopened(Path directory) throws FsException {
    List<Long> numbers = new ArrayList<>();
    Journal.open(directory, 0, change -> numbers.add(change.rows().iterator().next().number()))
        .close();
    return numbers;
  }

  private static Journal open(Path directory) throws FsException {
    return Journal.open(directory, 0, change -> {});
  }

  @Test
  void segmentsFollowOneAnother() throws Exception {
    try (Journal journal = open(temp)) {
      journal.append(change(1, 1));
      journal.rotate();
      journal.append(change(2, 1));
      journal.append(change(3, 50));
    }
    assertEquals(List.of(1L, 2L, 3L), reopened(temp));
    assertEquals(List.of(1L, 2L, 3L), reopened(temp));
  }

  @Test
  void anAppendThatFailedHalfwayCostsNothingElse() throws Exception {
    try (SmallDisk disk = new SmallDisk(temp.resolve("disk"))) {
      try (Journal journal = open(disk.directory())) {
        journal.append(change(1, 1));
        // As on a file system that cannot reserve room.
        try (NativeFile file =
            NativeFile.open(disk.directory().resolve("journal.1"), NativeFile.WRITE)) {
          file.allocate(AllocateMode.PUNCH_HOLE.flags(), SmallDisk.PAGE, 400 << 10);
        }
        disk.fill(1);
        FsException full = assertThrows(FsException.class, () -> journal.append(change(100, 500)));
        assertEquals(FailureKind.NO_SPACE, full.kind());
        disk.empty();
        journal.rotate();
        journal.append(change(2, 1));
      }
      assertEquals(List.of(1L, 2L), reopened(disk.directory()));
    }
  }

  @Test
  void nothingOfAFailedAppendIsLeftBehindAShorterOne() throws Exception {
    try (SmallDisk disk = new SmallDisk(temp.resolve("disk"))) {
      try (Journal journal = open(disk.directory())) {
        journal.append(change(1, 1));
        try (NativeFile file =
            NativeFile.open(disk.directory().resolve("journal.1"), NativeFile.WRITE)) {
          file.allocate(AllocateMode.PUNCH_HOLE.flags(), SmallDisk.PAGE, 400 << 10);
        }
        disk.fill(1);
        assertThrows(FsException.class, () -> journal.append(change(100, 500)));
        journal.append(change(2, 1));
        disk.empty();
        journal.rotate();
        journal.append(change(3, 1));
      }
      assertEquals(List.of(1L, 2L, 3L), reopened(disk.directory()));
    }
  }

  @Test
  void whatFollowsLostChangesIsKeptAside() throws Exception {
    try (Journal journal = open(temp)) {
      journal.append(change(1, 1));
      journal.append(change(2, 1));
      journal.rotate();
      journal.append(change(3, 1));
    }
    Path first = temp.resolve("journal.1");
    byte[] second = Files.readAllBytes(temp.resolve("journal.2"));
    int length = ByteBuffer.wrap(Files.readAllBytes(first)).getInt();
    try (NativeFile file = NativeFile.open(first, NativeFile.WRITE)) {
      file.write(ByteBuffer.allocate(100), 8L + length); // as if it had never been on the disk
    }
    assertEquals(List.of(1L), reopened(temp));
    assertTrue(Files.notExists(temp.resolve("journal.2")));
    assertArrayEquals(second, Files.readAllBytes(temp.resolve("unused.journal.2")));
  }
}
