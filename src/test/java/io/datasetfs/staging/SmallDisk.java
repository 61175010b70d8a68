package io.datasetfs.staging;

import io.datasetfs.fuse.Shell;
import io.datasetfs.model.FailureKind;
import io.datasetfs.model.FsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** A disk in memory that a test can fill to the last page. */
final class SmallDisk implements AutoCloseable {
  static final int PAGE = 4096;
  private static final int BLOCK = 64 << 10;

  private final Path directory;
  private final Path filler;

  /** Mounts it at a new directory. */
  SmallDisk(Path directory) throws Exception {
    this.directory = Files.createDirectory(directory);
    this.filler = directory.resolve("filler");
    Shell.succeed("mount -t tmpfs -o size=12m dsfs-test \"$1\"", directory);
  }

  Path directory() {
    return directory;
  }

  /** Leaves room for so many pages. */
  void fill(int pages) throws FsException {
    try (NativeFile file = NativeFile.open(filler, NativeFile.WRITE | NativeFile.CREATE)) {
      long size = file.stat().size();
      ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
      try {
        while (true) {
          size += file.write(block.clear(), size);
        }
      } catch (FsException e) {
        if (e.kind() != FailureKind.NO_SPACE) {
          throw e;
        }
      }
      // Whole pages: what the write that failed had done counts as well.
      size = (file.stat().size() + PAGE - 1) / PAGE * PAGE;
      file.truncate(size - (long) pages * PAGE);
    }
  }

  /** Makes room again. */
  void empty() throws IOException {
    Files.deleteIfExists(filler);
  }

  @Override
  public void close() {
    try {
      Shell.succeed("umount \"$1\"", directory);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
