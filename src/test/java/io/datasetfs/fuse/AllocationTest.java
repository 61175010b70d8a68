package io.datasetfs.fuse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datasetfs.fs.WritableSample;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code fallocate} does to files in a mounted uncommitted version. */
@ParameterizedClass
@EnumSource(Transport.class)
class AllocationTest {
  @Parameter Transport transport;
  @TempDir Path disk;
  @TempDir Path home;

  private WritableSample sample;
  private FuseMount mount;
  private Path mountpoint;
  private Path place;

  @BeforeEach
  void mount() throws Exception {
    sample = new WritableSample(home);
    mountpoint = Files.createTempDirectory("dsfs allocating ").toRealPath();
    mount =
        FuseMount.mount(
            sample.fileSystem(), MountOptions.at(mountpoint).transport(transport).build());
    place = mountpoint.resolve(sample.path());
  }

  @AfterEach
  void unmount() throws Exception {
    mount.close();
    sample.close();
    Files.delete(mountpoint);
  }

  /** Within the file, over its end, behind it; the room counts as well. */
  @Test
  void rangesAreZeroedAsOnTheDisk() throws Exception {
    String script =
        """
        cd "$1"
        for range in '-o 5000 -l 10000' '-o 0 -l 100000' '-o 99000 -l 5000' '-o 200000 -l 8192'; do
          for how in -z '-z -n' -p '' -n; do
            seq -w 20000 | head -c 100000 > f; sync f
            fallocate $how $range f; echo "$how $range: $? $(stat -c '%s' f) $(md5sum < f)"
            sync f; echo "$(($(stat -c %b f) / 64)) $(cat f | wc -c)"; truncate -s 300000 f; md5sum < f
          done
        done
        """;
    assertEquals(Shell.succeed(script, disk), Shell.succeed(script, place));
  }

  /** ext4 can shift what is behind a range, in whole blocks; no FUSE file system can. */
  @Test
  void shiftingIsNotSupported() throws Exception {
    String script =
        """
        cd "$1"; head -c 100000 /dev/zero > f
        for how in -i -c; do fallocate $how -o 4096 -l 4096 f; echo "$? $(stat -c %s f)"; done 2>&1
        """;
    String refusal = "fallocate: fallocate failed: Operation not supported\n1 100000\n";
    assertEquals(refusal.repeat(2), Shell.succeed(script, place));
  }
}
