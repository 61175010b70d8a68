package io.datasetfs.fuse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.fs.SampleFileSystem;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The ends that a mount can come to. */
@ParameterizedClass
@EnumSource(Transport.class)
class UnmountTest {
  @Parameter Transport transport;

  private final SampleFileSystem fs =
      new SampleFileSystem().file("file", 1 << 20, 1).directory("dir");

  @TempDir Path temporary;

  private Path path;
  private FuseMount mount;

  @BeforeEach
  void mount() throws Exception {
    path = Files.createDirectory(temporary.toRealPath().resolve("mount"));
    mount = FuseMount.mount(fs, MountOptions.at(path).transport(transport).build());
  }

  private static long loopThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("dsfs-fuse-"))
        .count();
  }

  private void assertGone() throws Exception {
    mount.awaitUnmounted();
    assertTrue(mount.isUnmounted());
    assertFalse(Mountpoints.at(path).isPresent());
    assertEquals(0, fs.openFiles());
    for (int i = 0; i < 500 && loopThreads() > 0; i++) {
      Thread.sleep(10); // their last act was to say that they end
    }
    assertEquals(0, loopThreads());
  }

  @Test
  void unmountEndsEverything() throws Exception {
    assertTrue(loopThreads() >= 4);
    Shell.succeed("cat \"$1\"/file > /dev/null", path);
    mount.unmount(false);
    assertGone();
  }

  @Test
  void closingTwiceIsClosingOnce() throws Exception {
    mount.close();
    mount.close();
    mount.unmount(false);
    mount.unmount(true);
    mount.invalidate("/", "file");
    mount.invalidate("/dir", "file");
    assertGone();
  }

  @Test
  void closingAnEndedMountLeavesALaterOneAlone() throws Exception {
    mount.close();
    try (FuseMount later =
        FuseMount.mount(fs, MountOptions.at(path).transport(transport).build())) {
      mount.close();
      mount.unmount(false);
      assertEquals("dir\nfile\n", Shell.succeed("ls \"$1\"", later.mountpoint()));
    }
    assertGone();
  }

  @Test
  void umountFromOutsideIsNoticed() throws Exception {
    Shell.succeed("umount \"$1\"", path);
    assertGone();
    mount.close();
  }

  @Test
  @Tag("promise-19")
  void whoKeepsItBusyIsNamed() throws Exception {
    Process sleeper =
        new ProcessBuilder("sleep", "1000").directory(path.resolve("dir").toFile()).start();
    try (InputStream open = Files.newInputStream(path.resolve("file"))) {
      assertEquals(1024, open.readNBytes(1024).length);
      FsException e = assertThrows(FsException.class, () -> mount.unmount(false));
      assertEquals(FailureKind.BUSY, e.kind());
      assertTrue(e.getMessage().contains("sleep (" + sleeper.pid() + ")"), e.getMessage());
      assertTrue(
          e.getMessage().contains("(" + ProcessHandle.current().pid() + ")"), e.getMessage());
      FsException other = assertThrows(FsException.class, () -> Mountpoints.unmount(path, false));
      assertEquals(FailureKind.BUSY, other.kind());
      assertEquals("dir\nfile\n", Shell.succeed("ls \"$1\"", path));
    } finally {
      sleeper.destroyForcibly();
      sleeper.waitFor();
    }
    mount.unmount(false);
    assertGone();
  }

  @Test
  void lazilyUnmountedItServesItsUsersToTheEnd() throws Exception {
    try (InputStream open = Files.newInputStream(path.resolve("file"))) {
      assertEquals(1024, open.readNBytes(1024).length);
      mount.unmount(true);
      assertFalse(Mountpoints.at(path).isPresent());
      assertFalse(mount.isUnmounted());
      byte[] rest = open.readAllBytes();
      assertArrayEquals(SampleFileSystem.content(1, 1024, (1 << 20) - 1024), rest);
    }
    assertGone();
  }

  @Test
  void closedInUseItEndsAndItsUsersGetErrors() throws Exception {
    InputStream open = Files.newInputStream(path.resolve("file"));
    assertEquals(1024, open.readNBytes(1024).length);
    mount.close();
    assertGone();
    IOException e = assertThrows(IOException.class, () -> open.readAllBytes());
    assertTrue(e.getMessage().contains("Transport endpoint is not connected"), e.getMessage());
    try {
      open.close();
    } catch (IOException told) {
      // some kernels tell the file system, which is gone
      assertTrue(told.getMessage().contains("not connected"), told.getMessage());
    }
  }

  @Test
  void onlyOurMountsAreUnmounted() throws Exception {
    mount.close();
    FsException e = assertThrows(FsException.class, () -> Mountpoints.unmount(path, false));
    assertEquals(FailureKind.NOT_FOUND, e.kind());
    assertEquals("DatasetFS is not mounted at " + path, e.getMessage());
  }
}
