package io.datasetfs.commit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FsException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ChangeTimesTest {
  @Test
  void areKeptWhereTheKernelKeepsThem() {
    assertTrue(ChangeTimes.areKeptBy("ext4"));
    assertTrue(ChangeTimes.areKeptBy("tmpfs"));
    assertFalse(ChangeTimes.areKeptBy("squashfs"));
    assertFalse(ChangeTimes.areKeptBy("vfat"));
    assertFalse(ChangeTimes.areKeptBy("fuse.sshfs"));
  }

  @Test
  void areAskedForOfTheFileSystemThatHoldsTheFile() throws FsException {
    SourceEntry made = SourceDirectory.look(Path.of("/proc/version"), "version");
    assertFalse(new ChangeTimes().areKept(made));
  }
}
