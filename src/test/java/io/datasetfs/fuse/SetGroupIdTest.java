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

/** What is left of the set-group bit when others than root change a file. */
@ParameterizedClass
@EnumSource(Transport.class)
class SetGroupIdTest {
  /** Modes with and without execution by the group; users outside and inside of the group 55. */
  private static final String SCRIPT =
      """
      cd "$1"; umask 0
      for mode in 2666 6676; do
        for who in '1234 --clear-groups' '55 --clear-groups' '1234 --groups=54,55'; do
          for owner in 0 1234; do
            for what in 'echo more >> f' ': > f' 'truncate -s 2 f' 'fallocate -l 100 f' \
                'chgrp 1234 f' 'chown 1234 f' 'chmod 2644 f'; do
              rm -f f; echo content > f; chown $owner:55 f; chmod $mode f
              setpriv --reuid=1234 --regid=$who bash -c "$what" 2> /dev/null
              echo "$mode, $who, of $owner, $what: $? $(stat -c '%a %g' f)"
            done
          done
        done
        for what in 'echo more >> f' 'truncate -s 2 f' 'chown 7:8 f' 'chgrp 8 f'; do
          rm -f f; echo content > f; chown 1234:55 f; chmod $mode f
          bash -c "$what"; echo "$mode, root, $what: $? $(stat -c '%a %g' f)"
        done
      done
      """;

  @Parameter Transport transport;
  @TempDir Path disk;
  @TempDir Path home;

  private WritableSample sample;
  private FuseMount mount;
  private Path mountpoint;

  @BeforeEach
  void mount() throws Exception {
    Files.setAttribute(disk, "unix:mode", 0755);
    sample = new WritableSample(home);
    mountpoint = Files.createTempDirectory("dsfs set-group ").toRealPath();
    mount =
        FuseMount.mount(
            sample.fileSystem(),
            MountOptions.at(mountpoint).transport(transport).allowOther(true).build());
  }

  @AfterEach
  void unmount() throws Exception {
    mount.close();
    sample.close();
    Files.delete(mountpoint);
  }

  @Test
  void itGoesWhereTheDiskTakesItAway() throws Exception {
    assertEquals(
        Shell.succeed(SCRIPT, disk), Shell.succeed(SCRIPT, mountpoint.resolve(sample.path())));
  }
}
