package io.datasetfs.commit;

import io.datasetfs.model.FsException;
import io.datasetfs.staging.AllocateMode;
import io.datasetfs.staging.AttributeChange;
import io.datasetfs.staging.InodeKind;
import io.datasetfs.staging.OpenMode;
import io.datasetfs.staging.RenameMode;
import io.datasetfs.staging.StagedFile;
import io.datasetfs.staging.StagedInode;
import io.datasetfs.staging.StagedVersion;
import io.datasetfs.store.Contents;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Short ways to change an uncommitted version. */
record StagedEdits(StagedVersion version) {
  StagedInode at(String path) throws FsException {
    StagedInode at = version.root();
    for (String name : path.split("/", -1)) {
      at = name.isEmpty() ? at : version.lookup(at, name);
    }
    return at;
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private StagedInode parent(String path) throws FsException {
    return at(path.substring(0, Math.max(0, path.lastIndexOf('/'))));
  }

  void directory(String path) throws FsException {
    version.makeDirectory(parent(path), name(path), 0755, StagedPlace.OWNER);
  }

  void fifo(String path) throws FsException {
    version.makeNode(parent(path), name(path), InodeKind.FIFO, 0644, 0, StagedPlace.OWNER);
  }

  void create(String path, byte[] content) throws FsException {
    try (StagedFile file =
        version.create(parent(path), name(path), 0644, StagedPlace.OWNER, OpenMode.WRITE)) {
      file.write(0, ByteBuffer.wrap(content));
    }
  }

  void write(String path, long offset, byte[] content) throws FsException {
    try (StagedFile file = version.open(at(path), OpenMode.WRITE)) {
      file.write(offset, ByteBuffer.wrap(content));
    }
  }

  void unlink(String path) throws FsException {
    version.unlink(parent(path), name(path));
  }

  void rename(String from, String to) throws FsException {
    version.rename(parent(from), name(from), parent(to), name(to), RenameMode.REPLACE);
  }

  void change(String path, AttributeChange change) throws FsException {
    version.setAttributes(at(path), change);
  }

  /** Copies what is in a directory of this machine. */
  void copy(Path source, String target) throws IOException {
    List<Path> children;
    try (Stream<Path> stream = Files.list(source)) {
      children = stream.toList();
    }
    for (Path child : children) {
      Map<String, Object> attributes =
          Files.readAttributes(child, "unix:mode,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
      String path = target + "/" + child.getFileName();
      AttributeChange change =
          AttributeChange.NONE.withMtime(
              ((FileTime) attributes.get("lastModifiedTime")).toInstant());
      if (Files.isSymbolicLink(child)) {
        version.makeSymlink(
            parent(path), name(path), Files.readSymbolicLink(child).toString(), StagedPlace.OWNER);
      } else {
        change = change.withMode((Integer) attributes.get("mode") & 07777);
        if (Files.isDirectory(child)) {
          directory(path);
          copy(child, path);
        } else {
          create(path, Files.readAllBytes(child));
        }
      }
      change(path, change);
    }
  }

  /** Makes random changes of all kinds, the same for the same seed. */
  void changeAtRandom(long seed, int count) throws FsException {
    Random random = new Random(seed);
    for (int i = 0; i < count; i++) {
      List<String> directories = new ArrayList<>(List.of(""));
      List<String> files = new ArrayList<>();
      collect(version.root(), "", directories, files);
      String fresh = directories.get(random.nextInt(directories.size())) + "/new " + seed + " " + i;
      if (files.isEmpty()) {
        create(fresh, Contents.random(i, 1000));
        continue;
      }
      String file = files.get(random.nextInt(files.size()));
      String directory = directories.get(random.nextInt(directories.size()));
      switch (random.nextInt(13)) {
        case 0 -> create(fresh, Contents.random(random.nextInt(5), random.nextInt(400)));
        case 1 -> create(fresh, Contents.random(i, random.nextInt(2_000_000)));
        case 2 -> directory(fresh);
        case 3 -> unlink(file);
        case 4 -> rename(file, fresh);
        case 5 -> {
          if (!directory.isEmpty() && !fresh.startsWith(directory + "/")) {
            rename(directory, fresh);
          }
        }
        case 6, 7 -> {
          long size = version.attributes(at(file)).size();
          write(
              file,
              random.nextLong(size + 100_000),
              Contents.random(i, 1 + random.nextInt(50_000)));
        }
        case 8 -> {
          long size = version.attributes(at(file)).size();
          change(file, AttributeChange.NONE.withSize(random.nextLong(2 * size + 10)));
        }
        case 9 ->
            change(
                random.nextBoolean() ? file : directory,
                AttributeChange.NONE.withMode(random.nextInt(01000)));
        case 10 ->
            change(
                random.nextBoolean() ? file : directory,
                AttributeChange.NONE.withMtime(
                    Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000))));
        case 11 -> version.link(at(file), parent(fresh), name(fresh));
        default -> {
          try (StagedFile open = version.open(at(file), OpenMode.WRITE)) {
            open.allocate(
                AllocateMode.PUNCH_HOLE, random.nextInt(30_000), 1 + random.nextInt(30_000));
          }
        }
      }
    }
  }

  private void collect(
      StagedInode directory, String prefix, List<String> directories, List<String> files)
      throws FsException {
    List<String> below = new ArrayList<>();
    version.list(
        directory,
        0,
        (name, inode, cookie) -> {
          String path = prefix + "/" + name;
          if (inode.kind() == InodeKind.DIRECTORY) {
            below.add(path);
          } else if (inode.kind() == InodeKind.FILE) {
            files.add(path);
          }
          return true;
        });
    directories.addAll(below);
    for (String path : below) {
      collect(at(path), path, directories, files);
    }
  }
}
