package io.datasetfs.staging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The move of changes into the tables. */
class MetadataTest {
  @TempDir private Path temp;

  /** Attributes that cannot be written down until somebody allows it. */
  private static final class Stubborn extends TreeMap<String, byte[]> {
    private static final long serialVersionUID = 1L;

    volatile boolean allowed;

    @Override
    public Set<Map.Entry<String, byte[]>> entrySet() {
      if (!allowed) {
        throw new StackOverflowError("as deep as it gets");
      }
      return super.entrySet();
    }
  }

  @Test
  void whoWaitsIsToldOfEveryFailure() throws Exception {
    Stubborn attributes = new Stubborn();
    attributes.put("user.a", new byte[] {1});
    RowEdit row = new RowEdit(7, InodeKind.FILE);
    row.atime = Instant.EPOCH;
    row.modified(Instant.EPOCH);
    row.extended = attributes;
    try (Metadata metadata = Metadata.open(temp)) {
      metadata.lock().lock();
      try {
        metadata.remember(row.done());
      } finally {
        metadata.lock().unlock();
      }
      FsException failure =
          assertTimeoutPreemptively(
              Duration.ofMinutes(1), () -> assertThrows(FsException.class, metadata::flush));
      assertEquals(FailureKind.IO, failure.kind());
      attributes.allowed = true;
      // The failure may be told of once more before it works again.
      assertTimeoutPreemptively(
          Duration.ofMinutes(1),
          () -> {
            boolean moved = false;
            while (!moved) {
              try {
                metadata.flush();
                moved = true;
              } catch (FsException e) {
                assertEquals(FailureKind.IO, e.kind());
              }
            }
          });
      assertEquals(1, metadata.tables().row(7).extended().size());
    }
  }
}
