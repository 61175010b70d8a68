package io.datasetfs.fuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.fs.SampleFileSystem;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a daemon leaves behind when it is killed, and how the next one deals with it. */
@ParameterizedClass
@EnumSource(Transport.class)
class DeadMountTest {
  @Parameter Transport transport;

  @TempDir Path temporary;

  private Path deadMount() throws Exception {
    Path path = Files.createDirectory(temporary.toRealPath().resolve("mount"));
    try (Child child = Child.start(transport, path, Map.of())) {
      assertEquals("mounted", child.line());
      Shell.succeed("ls -l \"$1\"", path); // so that the kernel remembers attributes
      child.kill();
    }
    assertTrue(
        Shell.run("ls \"$1\"", path).errors().contains("Transport endpoint is not connected"));
    return path;
  }

  @Test
  @Tag("promise-19")
  void aDeadMountIsReplaced() throws Exception {
    Path path = deadMount();
    SampleFileSystem fs = new SampleFileSystem().file("new", 3, 1);
    try (FuseMount mount =
        FuseMount.mount(fs, MountOptions.at(path).transport(transport).build())) {
      assertEquals("new\n", Shell.succeed("ls \"$1\"", path));
      assertEquals(path, mount.mountpoint());
      assertEquals(1, Mountpoints.list().stream().filter(e -> e.path().equals(path + "")).count());
    }
    assertEquals("", Shell.succeed("ls \"$1\"", path));
  }

  @Test
  void aDeadMountIsUnmounted() throws Exception {
    Path path = deadMount();
    MountEntry entry = Mountpoints.at(path).orElseThrow();
    assertTrue(Mountpoints.isDead(entry));
    Mountpoints.unmount(path, false);
    assertTrue(Mountpoints.awaitGone(path, 1000));
    assertFalse(Mountpoints.at(path).isPresent());
  }

  @Test
  void aDeadMountOfAnotherKindIsLeftAlone() throws Exception {
    Path path = Files.createDirectory(temporary.toRealPath().resolve("other"));
    Shell.succeed(
        "exec 9<>/dev/fuse; "
            + "mount -i -t fuse.other -o fd=9,rootmode=40000,user_id=0,group_id=0 thing \"$1\"",
        path);
    try {
      FsException e =
          assertThrows(
              FsException.class,
              () ->
                  FuseMount.mount(
                      new SampleFileSystem(), MountOptions.at(path).transport(transport).build()));
      assertEquals(FailureKind.BUSY, e.kind());
      assertTrue(e.getMessage().contains("dead mount of fuse.other"), e.getMessage());
    } finally {
      Shell.succeed("umount -l \"$1\"", path);
    }
  }

  @Test
  @Tag("promise-19")
  void termUnmountsThroughTheShutdownHooks() throws Exception {
    Path path = Files.createDirectory(temporary.toRealPath().resolve("mount"));
    try (Child child = Child.start(transport, path, Map.of())) {
      assertEquals("mounted", child.line());
      child.terminate();
      assertEquals(143, child.status());
      String said = child.line() + child.line();
      assertTrue(said.contains("unmounted by the shutdown hook"), said);
    }
    assertFalse(Mountpoints.at(path).isPresent());
  }
}
