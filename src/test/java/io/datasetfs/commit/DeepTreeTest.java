package io.datasetfs.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datasetfs.catalog.ResolvedVersion;
import io.datasetfs.staging.OpenMode;
import io.datasetfs.staging.StagedFile;
import io.datasetfs.staging.StagedInode;
import io.datasetfs.staging.StagedVersion;
import java.io.BufferedReader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A tree may be as deep as its maker likes: what a commit holds is bounded all the same. */
final class DeepTreeTest {
  private static final int DEPTH = 20_000;

  @TempDir private Path temp;

  @Test
  @Timeout(300)
  void aDeepTreeIsCommittedInADaemonsMemory() throws Exception {
    List<String> command = new ArrayList<>(ImportChild.command(List.of("-Xmx256m")));
    command.set(command.size() - 1, DeepTreeTest.class.getName());
    command.add(temp.resolve("home").toString());
    Process child = ImportChild.start(command);
    try (BufferedReader said = ImportChild.output(child)) {
      assertEquals(List.of(DEPTH + " files"), said.lines().toList());
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  /** What is to be done in as little memory as a daemon has: {@code main HOME}. */
  public static void main(String[] arguments) throws Exception {
    try (StagedPlace place = new StagedPlace(Path.of(arguments[0]));
        StagedVersion files = place.create()) {
      StagedInode at = files.root();
      for (int i = 0; i < DEPTH; i++) {
        try (StagedFile file = files.create(at, "file", 0644, StagedPlace.OWNER, OpenMode.WRITE)) {
          file.write(0, ByteBuffer.wrap(new byte[] {(byte) i}));
        }
        at = files.makeDirectory(at, "directory", 0755, StagedPlace.OWNER);
      }
      ResolvedVersion committed = place.commit(files);
      System.out.println(committed.version().tree().summary().files() + " files");
    }
  }
}
