package io.datasetfs.staging;

import static io.datasetfs.staging.Areas.at;
import static io.datasetfs.staging.Areas.readBytes;
import static io.datasetfs.staging.StagedVersionTest.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import io.datasetfs.read.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine that went down kept the rows of files, and not their content files. */
class LostContentTest {
  private static final byte[] COMMITTED = BaseFixture.random(1, 5000);
  private static final int LENGTH = 20_000;

  @TempDir private Path temp;
  private BaseFixture base;
  private StagedVersion version;

  @BeforeEach
  void loseContent() throws Exception {
    base = new BaseFixture(new Model.Directory().with("committed", Model.File.of(COMMITTED)));
    version = base.create(temp);
    try (StagedFile file = version.create(version.root(), "own", 0644, Areas.ROOT, OpenMode.WRITE);
        StagedFile over = version.open(at(version, "committed"), OpenMode.WRITE)) {
      file.truncate(LENGTH);
      over.truncate(LENGTH);
    }
    version.close();
    for (Path file : contentFiles()) {
      Files.delete(file);
    }
    Path boot = Files.writeString(temp.resolve("boot"), "another");
    version = base.openBooted(temp, boot);
  }

  private List<Path> contentFiles() throws IOException {
    try (Stream<Path> all = Files.walk(temp)) {
      return all.filter(file -> file.toString().contains("/content/"))
          .filter(Files::isRegularFile)
          .toList();
    }
  }

  @AfterEach
  void close() throws FsException {
    version.close();
    base.close();
  }

  @Test
  void zerosTakeItsPlace() throws FsException {
    assertArrayEquals(new byte[LENGTH], readBytes(version, at(version, "own")));
    assertArrayEquals(
        Arrays.copyOf(COMMITTED, LENGTH), readBytes(version, at(version, "committed")));
  }

  @Test
  void thoseAreOneHole() throws FsException {
    try (StagedFile file = version.open(at(version, "own"), OpenMode.READ)) {
      assertEquals(7, file.seek(SeekMode.HOLE, 7));
      assertFails(FailureKind.NO_DATA, () -> file.seek(SeekMode.DATA, 7));
    }
    try (StagedFile file = version.open(at(version, "committed"), OpenMode.READ)) {
      assertEquals(COMMITTED.length, file.seek(SeekMode.HOLE, 7));
      assertEquals(7, file.seek(SeekMode.DATA, 7));
      assertFails(FailureKind.NO_DATA, () -> file.seek(SeekMode.DATA, COMMITTED.length));
    }
  }
}
