package io.datasetfs.staging;

import io.datasetfs.model.DatasetId;
import io.datasetfs.model.FsException;
import io.datasetfs.model.VersionId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Areas for tests, and short ways to use them. */
final class Areas {
  static final DatasetId DATASET = new DatasetId("dst364npcw6ccok");
  static final VersionId VERSION = new VersionId("x81kq0a");
  static final VersionId BASE = new VersionId("fo5rp4m");
  static final Creator ROOT = new Creator(0, 0);

  private Areas() {}

  static StagingAreas in(Path directory) {
    return new StagingAreas(directory.resolve("staging"), Clock.systemUTC());
  }

  static StagedVersion create(Path directory) throws FsException {
    return in(directory).create(DATASET, VERSION, Optional.empty(), ROOT, BaseSource.NONE);
  }

  static StagedVersion open(Path directory) throws FsException {
    return in(directory).open(DATASET, VERSION, BaseSource.NONE);
  }

  static StagedInode write(StagedVersion version, StagedInode directory, String name, String text)
      throws FsException {
    try (StagedFile file = version.create(directory, name, 0644, ROOT, OpenMode.WRITE)) {
      file.write(0, bytes(text));
      return file.inode();
    }
  }

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  static String read(StagedVersion version, StagedInode inode) throws FsException {
    return new String(readBytes(version, inode), StandardCharsets.UTF_8);
  }

  static byte[] readBytes(StagedVersion version, StagedInode inode) throws FsException {
    try (StagedFile file = version.open(inode, OpenMode.READ)) {
      return readBytes(file, version.attributes(inode).size());
    }
  }

  static byte[] readBytes(StagedFile file, long size) throws FsException {
    ByteBuffer target = ByteBuffer.allocate((int) size + 1);
    int count = file.read(0, target);
    byte[] bytes = new byte[count];
    target.flip().get(bytes);
    return bytes;
  }

  /** The inode at a path. */
  static StagedInode at(StagedVersion version, String path) throws FsException {
    StagedInode at = version.root();
    for (String name : path.split("/", -1)) {
      at = name.isEmpty() ? at : version.lookup(at, name);
    }
    return at;
  }

  /** The names in a directory. */
  static SortedMap<String, StagedInode> list(StagedVersion version, StagedInode directory)
      throws FsException {
    SortedMap<String, StagedInode> names = new TreeMap<>();
    version.list(
        directory,
        0,
        (name, inode, cookie) -> {
          if (names.put(name, inode) != null) {
            throw new AssertionError("listed twice: " + name);
          }
          return true;
        });
    return names;
  }
}
