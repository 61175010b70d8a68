package io.datasetfs.fuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.fs.SampleFileSystem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import jnr.ffi.LibraryLoader;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Extended attributes, with the size questions that callers ask first. */
@ParameterizedClass
@EnumSource(Transport.class)
class ExtendedAttributesTest {
  @Parameter Transport transport;

  private Mounted mounted;

  @BeforeEach
  void mount() throws Exception {
    mounted =
        Mounted.with(transport, new SampleFileSystem().file("file", 10, 1).link("link", "file"));
  }

  @AfterEach
  void unmount() throws Exception {
    mounted.close();
  }

  private static long get(Path path, String name, byte[] room) {
    long length =
        LibC.INSTANCE.lgetxattr(
            CStrings.terminated(path), CStrings.terminated(name), room, room.length);
    return length < 0 ? -LibC.lastError() : length;
  }

  @Test
  void valuesAndNames() throws Exception {
    UserDefinedFileAttributeView view =
        Files.getFileAttributeView(mounted.path("file"), UserDefinedFileAttributeView.class);
    assertEquals(List.of("dsfs.number", "dsfs.other"), view.list());
    ByteBuffer value = ByteBuffer.allocate(view.size("dsfs.number"));
    view.read("dsfs.number", value);
    assertEquals(
        Files.getAttribute(mounted.path("file"), "unix:ino").toString(),
        new String(value.array(), StandardCharsets.UTF_8));
  }

  /** The C library. */
  public interface Names {
    /** Lists the names of a file's or a link's extended attributes. */
    @ssize_t
    long llistxattr(byte[] path, byte[] names, @size_t long size);
  }

  @Test
  void aLinkListsNothingThatCannotBeRead() {
    Names library = LibraryLoader.create(Names.class).load("c");
    byte[] names = new byte[100];
    byte[] link = CStrings.terminated(mounted.path("link"));
    assertTrue(library.llistxattr(CStrings.terminated(mounted.path("file")), names, 100) > 0);
    assertEquals(Errno.ENODATA.answer(), get(mounted.path("link"), "user.dsfs.number", names));
    assertEquals(0, library.llistxattr(link, names, 100));
  }

  @Test
  void errors() {
    Path file = mounted.path("file");
    assertEquals(1, get(file, "user.dsfs.number", new byte[0]));
    assertEquals(1, get(file, "user.dsfs.number", new byte[1]));
    assertEquals(Errno.ENODATA.answer(), get(file, "user.dsfs.none", new byte[10]));
    assertEquals(Errno.EOPNOTSUPP.answer(), get(file, "security.selinux", new byte[10]));
    assertEquals(Errno.EOPNOTSUPP.answer(), get(file, "system.posix_acl_access", new byte[10]));
    assertEquals(Errno.ENOENT.answer(), get(mounted.path("no"), "user.dsfs.number", new byte[10]));
    assertEquals(Errno.ERANGE.answer(), get(mounted.path(), MountProbe.ATTRIBUTE, new byte[3]));
    assertEquals(36, get(mounted.path(), MountProbe.ATTRIBUTE, new byte[100]));
    assertEquals(Errno.ENODATA.answer(), get(file, MountProbe.ATTRIBUTE, new byte[100]));
  }
}
