package io.datasetfs.staging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datasetfs.fuse.Errno;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A staged version and a real directory to which the same is done, and which have to be the same.
 */
final class Pair {
  private static final Posix LIBC = Posix.LIBC;
  private static final int TYPE = 0170000;

  StagedVersion version;
  final Path real;
  final List<Handle> handles = new ArrayList<>();

  /** A file that is open in both. */
  record Handle(StagedFile file, int descriptor) {}

  /** Something done to a staged version. */
  interface Doing {
    long run() throws FsException;
  }

  Pair(StagedVersion version, Path real) {
    this.version = version;
    this.real = real;
  }

  byte[] path(String path) {
    return Posix.text(real + "/" + path);
  }

  static long outcome(Doing doing) throws FsException {
    try {
      return doing.run();
    } catch (FsException e) {
      if (e.kind() == FailureKind.IO || e.kind() == FailureKind.CORRUPT) {
        throw e;
      }
      return Errno.of(e.kind()).answer();
    }
  }

  /** The inode at a path as the kernel would find it; links lead nowhere. */
  StagedInode at(String path) throws FsException {
    StagedInode at = version.root();
    for (String name : path.split("/", -1)) {
      if (name.isEmpty()) {
        continue;
      }
      if (at.kind() == InodeKind.SYMLINK) {
        throw new FsException(FailureKind.NOT_FOUND, path);
      }
      at = version.lookup(at, name);
    }
    return at;
  }

  StagedInode parent(String path) throws FsException {
    StagedInode parent = at(path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "");
    if (parent.kind() == InodeKind.SYMLINK) {
      throw new FsException(FailureKind.NOT_FOUND, path);
    }
    if (parent.kind() != InodeKind.DIRECTORY) {
      throw new FsException(FailureKind.NOT_DIRECTORY, path);
    }
    return parent;
  }

  static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** What both have of an inode. */
  record Seen(long number, Object attributes, Instant mtime, Instant ctime) {}

  /** Requires that the trees are equal; gives what was seen in each. */
  Map<String, Seen[]> compare() throws Exception {
    SortedMap<String, Seen[]> seen = new TreeMap<>();
    compare("", version.root(), real, seen);
    for (Handle handle : handles) {
      RealStat stat = RealStat.of(handle.descriptor(), "");
      StagedAttributes attributes = version.attributes(handle.file().inode());
      assertEquals(stat.size(), attributes.size(), "size of an open file");
      assertEquals(stat.links(), attributes.links(), "links of an open file");
      byte[] bytes = new byte[(int) stat.size()];
      LIBC.pread(handle.descriptor(), bytes, bytes.length, 0);
      assertArrayEquals(bytes, Areas.readBytes(handle.file(), bytes.length), "open file");
    }
    return seen;
  }

  private void compare(String path, StagedInode inode, Path file, SortedMap<String, Seen[]> seen)
      throws Exception {
    StagedAttributes staged = version.attributes(inode);
    RealStat stat = RealStat.of(Posix.AT_FDCWD, file.toString());
    boolean directory = staged.kind() == InodeKind.DIRECTORY;
    String expected =
        "%o %d:%d links %d size %d"
            .formatted(
                stat.mode(), stat.uid(), stat.gid(), stat.links(), directory ? 0 : stat.size());
    String actual =
        "%o %d:%d links %d size %d"
            .formatted(
                staged.kind().typeBits() | staged.mode(),
                staged.uid(),
                staged.gid(),
                staged.links(),
                directory ? 0 : staged.size());
    assertEquals(expected, actual, path);
    assertEquals(extended(file), extended(inode), path);
    seen.put(
        path,
        new Seen[] {
          new Seen(staged.number(), actual, staged.mtime(), staged.ctime()),
          new Seen(stat.inode(), expected, stat.mtime(), stat.ctime())
        });
    switch (stat.mode() & TYPE) {
      case 0040000 -> {
        SortedMap<String, StagedInode> names = Areas.list(version, inode);
        String[] realNames = file.toFile().list();
        Arrays.sort(realNames);
        assertEquals(List.of(realNames), List.copyOf(names.keySet()), path);
        for (var name : names.entrySet()) {
          assertEquals(name.getValue(), version.lookup(inode, name.getKey()));
          String below = path.isEmpty() ? name.getKey() : path + "/" + name.getKey();
          compare(below, name.getValue(), file.resolve(name.getKey()), seen);
        }
      }
      case 0100000 ->
          assertArrayEquals(Files.readAllBytes(file), Areas.readBytes(version, inode), path);
      case 0120000 ->
          assertEquals(Files.readSymbolicLink(file).toString(), version.readLink(inode), path);
      default -> {}
    }
  }

  private static Map<String, ByteBuffer> extended(Path file) {
    Map<String, ByteBuffer> attributes = new TreeMap<>();
    for (String name : List.of("user.a", "user.b")) {
      byte[] value = new byte[5000];
      long size =
          LIBC.lgetxattr(Posix.text(file.toString()), Posix.text(name), value, value.length);
      if (size >= 0) {
        attributes.put(name, ByteBuffer.wrap(value, 0, (int) size).slice());
      }
    }
    return attributes;
  }

  private Map<String, ByteBuffer> extended(StagedInode inode) throws FsException {
    Map<String, ByteBuffer> attributes = new TreeMap<>();
    for (String name : version.listExtendedAttributes(inode)) {
      attributes.put(name, ByteBuffer.wrap(version.getExtendedAttribute(inode, name)));
    }
    return attributes;
  }

  void close(Handle handle) throws FsException {
    handles.remove(handle);
    handle.file().close();
    LIBC.close(handle.descriptor());
  }

  void closeAll() throws FsException {
    for (Handle handle : List.copyOf(handles)) {
      close(handle);
    }
  }
}
