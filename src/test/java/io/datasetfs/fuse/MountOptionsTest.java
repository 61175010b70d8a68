package io.datasetfs.fuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MountOptionsTest {
  private static MountOptions.Builder builder() {
    return MountOptions.at(Path.of("/mnt"));
  }

  @Test
  void defaults() throws Exception {
    MountOptions options = builder().build();
    assertFalse(options.allowOther());
    assertEquals(OptionalInt.empty(), options.uid());
    assertTrue(options.threads() >= 4);
    assertTrue(options.forLibfuse().startsWith("fsname=datasetfs,subtype=dsfs,"));
  }

  @Test
  void parsesWhatMountPasses() throws Exception {
    MountOptions options =
        builder()
            .options("ro,allow_other,uid=5,gid=6,umask=022,_netdev,x-systemd.automount,noatime,")
            .options("max_read=65536,fsname=other")
            .build();
    assertTrue(options.readOnly());
    assertTrue(options.allowOther());
    assertEquals(OptionalInt.of(5), options.uid());
    assertEquals(OptionalInt.of(6), options.gid());
    assertEquals(022, options.umask());
    assertEquals("other", options.source());
    assertEquals(List.of("noatime", "max_read=65536"), options.extra());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "use_ino",
        "direct_io",
        "uid",
        "uid=",
        "uid=x",
        "umask=9",
        "gid=-1",
        "entry_timeout=1",
        "max_read=many"
      })
  void refuses(String option) {
    FsException e = assertThrows(FsException.class, () -> builder().options("ro," + option));
    assertEquals(FailureKind.INVALID, e.kind());
    String name = option.replaceAll("=.*", "");
    assertTrue(e.getMessage().contains("'" + name), e.getMessage());
  }
}
