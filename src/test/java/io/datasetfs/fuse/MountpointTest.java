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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Where one can mount, and what is said where one cannot. */
@ParameterizedClass
@EnumSource(Transport.class)
class MountpointTest {
  @Parameter Transport transport;

  private final SampleFileSystem fs = new SampleFileSystem().file("file", 10, 1);

  @TempDir Path temporary;

  private Path mountpoint;

  @BeforeEach
  void create() throws Exception {
    mountpoint = Files.createDirectory(temporary.toRealPath().resolve("mount"));
  }

  private void refused(FailureKind kind, String message, MountOptions options) {
    FsException e = assertThrows(FsException.class, () -> FuseMount.mount(fs, options));
    assertEquals(kind, e.kind());
    assertTrue(e.getMessage().contains(message), e.getMessage());
    assertFalse(e.getMessage().contains("\n"));
  }

  @Test
  void missing() {
    Path missing = temporary.resolve("no/where");
    refused(
        FailureKind.NOT_FOUND,
        "The mountpoint " + missing + " does not exist; create it",
        MountOptions.at(missing).transport(transport).build());
    refused(
        FailureKind.NOT_FOUND,
        "does not exist; create it",
        MountOptions.at(temporary.resolve("nowhere")).transport(transport).build());
  }

  @Test
  void notADirectory() throws Exception {
    Path file = Files.createFile(temporary.resolve("file"));
    refused(
        FailureKind.NOT_DIRECTORY,
        "is not a directory",
        MountOptions.at(file).transport(transport).build());
  }

  @Test
  void notEmpty() throws Exception {
    Files.createFile(mountpoint.resolve("hidden"));
    refused(
        FailureKind.EXISTS,
        "is not empty",
        MountOptions.at(mountpoint).transport(transport).build());
    MountOptions options =
        MountOptions.at(mountpoint).transport(transport).options("nonempty").build();
    try (FuseMount mount = FuseMount.mount(fs, options)) {
      assertEquals("file\n", Shell.succeed("ls \"$1\"", mount.mountpoint()));
    }
    assertEquals("hidden\n", Shell.succeed("ls \"$1\"", mountpoint));
  }

  @Test
  void twice() throws Exception {
    try (FuseMount mount =
        FuseMount.mount(fs, MountOptions.at(mountpoint).transport(transport).build())) {
      refused(
          FailureKind.BUSY,
          "there is mounted already: fuse.dsfs 'datasetfs'",
          MountOptions.at(mountpoint).transport(transport).options("nonempty").build());
      assertEquals("file\n", Shell.succeed("ls \"$1\"", mount.mountpoint()));
    }
  }

  @Test
  void overSomethingElse() throws Exception {
    Shell.succeed("mount -t tmpfs thing \"$1\"", mountpoint);
    try {
      refused(
          FailureKind.BUSY,
          "there is mounted already: tmpfs 'thing'",
          MountOptions.at(mountpoint).transport(transport).build());
    } finally {
      Shell.succeed("umount \"$1\"", mountpoint);
    }
  }

  @Test
  void throughALink() throws Exception {
    Path link = Files.createSymbolicLink(temporary.resolve("link"), mountpoint);
    try (FuseMount mount =
        FuseMount.mount(fs, MountOptions.at(link).transport(transport).build())) {
      assertEquals(mountpoint, mount.mountpoint());
      assertTrue(Mountpoints.at(link).isPresent());
      Mountpoints.unmount(link, false);
      mount.awaitUnmounted();
    }
    assertFalse(Mountpoints.at(mountpoint).isPresent());
  }

  @Test
  void oddNames() throws Exception {
    Path odd = Files.createDirectory(temporary.toRealPath().resolve("ä b\\c\td\ne,f"));
    MountOptions options = MountOptions.at(odd).transport(transport).source("we\\ird, na").build();
    try (FuseMount mount = FuseMount.mount(fs, options)) {
      assertEquals("file\n", Shell.succeed("ls \"$1\"", mount.mountpoint()));
      MountEntry entry = Mountpoints.at(odd).orElseThrow();
      assertEquals(odd.toString(), entry.path());
      assertEquals("fuse.dsfs", entry.type());
      assertEquals("we\\ird, na", entry.source());
      assertTrue(Mountpoints.list().contains(entry));
    }
    assertFalse(Mountpoints.at(odd).isPresent());
  }

  @Test
  void aFileSystemThatFailsIsNotMounted() throws Exception {
    FailingFileSystem failing = new FailingFileSystem();
    MountOptions options = MountOptions.at(mountpoint).transport(transport).build();
    FsException e = assertThrows(FsException.class, () -> FuseMount.mount(failing, options));
    assertTrue(e.getMessage().contains("does not answer as it should"), e.getMessage());
    assertFalse(Mountpoints.at(mountpoint).isPresent());
    try (FuseMount mount = FuseMount.mount(fs, options)) {
      assertFalse(mount.isUnmounted());
    }
  }

  @Test
  @Tag("promise-14")
  void ownersAndPermissionsAreReported() throws Exception {
    MountOptions options =
        MountOptions.at(mountpoint).transport(transport).options("uid=7,gid=8,umask=027").build();
    try (FuseMount mount = FuseMount.mount(fs, options)) {
      assertEquals(
          "640 7 8\n", Shell.succeed("stat -c '%a %u %g' \"$1/file\"", mount.mountpoint()));
      assertEquals("750 7 8\n", Shell.succeed("stat -c '%a %u %g' \"$1\"", mount.mountpoint()));
    }
  }
}
