package io.datasetfs.fuse;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.fs.SampleFileSystem;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The kernel remembers names for days, except those that it is told to forget. */
@ParameterizedClass
@EnumSource(Transport.class)
class InvalidationTest {
  @Parameter Transport transport;

  private final SampleFileSystem fs =
      new SampleFileSystem()
          .file("dataset/version/file", 100_000, 1)
          .link("dataset/latest", "version")
          .link("name", "dataset");

  private Mounted mounted;

  @BeforeEach
  void mount() throws Exception {
    mounted = Mounted.with(transport, fs, "ro"); // nothing else is remembered by both
  }

  @AfterEach
  void unmount() throws Exception {
    mounted.close();
  }

  private boolean exists(String path) {
    return Files.exists(mounted.path(path), LinkOption.NOFOLLOW_LINKS);
  }

  @Test
  void namesAtTheTop() {
    assertTrue(exists("name"));
    fs.remove("name");
    assertTrue(exists("name"), "the kernel is expected to remember");
    mounted.mount().invalidate("/", "name");
    assertFalse(exists("name"));
    fs.link("name", "dataset/version");
    assertTrue(exists("name/file"));
  }

  @Test
  void namesBelow() {
    assertTrue(exists("dataset/latest"));
    fs.remove("dataset/latest");
    assertTrue(exists("dataset/latest"), "the kernel is expected to remember");
    mounted.mount().invalidate("/dataset", "latest");
    assertFalse(exists("dataset/latest"));
    assertFalse(exists("dataset/other"));
    fs.link("dataset/other", "version");
    assertTrue(exists("dataset/other"));
  }

  @Test
  void linksThatMove() throws Exception {
    fs.file("dataset/newer-one/file", 5, 2);
    assertEquals("version", Files.readSymbolicLink(mounted.path("dataset/latest")).toString());
    fs.link("dataset/latest", "newer-one");
    mounted.mount().invalidate("/dataset", "latest");
    assertEquals("newer-one", Files.readSymbolicLink(mounted.path("dataset/latest")).toString());
    assertEquals(
        9,
        Files.readAttributes(mounted.path("dataset/latest"), "size", LinkOption.NOFOLLOW_LINKS)
            .get("size")
            .hashCode());
    assertEquals(5, Files.size(mounted.path("dataset/latest/file")));
  }

  @Test
  void aNewNameChangesTheDirectory() throws Exception {
    int top = links("");
    int below = links("dataset");
    fs.directory("more").directory("dataset/more");
    mounted.mount().invalidate("/", "more");
    mounted.mount().invalidate("/dataset", "more");
    assertEquals(top + 1, links(""));
    assertEquals(below + 1, links("dataset"));
  }

  private int links(String path) throws Exception {
    return (int) Files.getAttribute(mounted.path(path), "unix:nlink");
  }

  @Test
  void whatIsOpenStays() throws Exception {
    try (InputStream open = Files.newInputStream(mounted.path("dataset/version/file"))) {
      byte[] start = open.readNBytes(10);
      fs.remove("dataset/version");
      mounted.mount().invalidate("/dataset", "version");
      assertFalse(exists("dataset/version"));
      assertFalse(exists("dataset/version/file"));
      assertArrayEquals(SampleFileSystem.content(1, 0, 10), start);
      assertArrayEquals(SampleFileSystem.content(1, 10, 99_990), open.readAllBytes());
    }
  }

  @Test
  void otherThingsUnderTheSameName() throws Exception {
    Path file = mounted.path("dataset/version/file");
    assertArrayEquals(SampleFileSystem.content(1, 0, 100_000), Files.readAllBytes(file));
    assertArrayEquals(SampleFileSystem.content(1, 0, 100_000), Files.readAllBytes(file));
    fs.file("dataset/version/file", 100_000, 9);
    mounted.mount().invalidate("/dataset/version", "file");
    assertArrayEquals(SampleFileSystem.content(9, 0, 100_000), Files.readAllBytes(file));
    fs.remove("dataset/version/file");
    fs.directory("dataset/version/file");
    mounted.mount().invalidate("/dataset/version", "file");
    assertTrue(Files.isDirectory(file));
  }

  @Test
  void whatNobodyKnowsIsNoTrouble() {
    mounted.mount().invalidate("/", "nothing");
    mounted.mount().invalidate("/nothing", "nothing");
    mounted.mount().invalidate("/dataset/version/file", "nothing");
    assertTrue(exists("dataset/version/file"));
  }
}
