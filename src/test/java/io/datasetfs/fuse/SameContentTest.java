package io.datasetfs.fuse;

import static io.datasetfs.fuse.PosixCalls.O_APPEND;
import static io.datasetfs.fuse.PosixCalls.O_CREAT;
import static io.datasetfs.fuse.PosixCalls.O_EXCL;
import static io.datasetfs.fuse.PosixCalls.O_RDONLY;
import static io.datasetfs.fuse.PosixCalls.O_RDWR;
import static io.datasetfs.fuse.PosixCalls.O_TMPFILE;
import static io.datasetfs.fuse.PosixCalls.O_TRUNC;
import static io.datasetfs.fuse.PosixCalls.O_WRONLY;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** What a mount answers to reading and writing is what the directory behind it answers. */
@ParameterizedClass
@CsvSource({"KERNEL, DIRECTORY", "LIBFUSE, DIRECTORY", "KERNEL, VERSION", "LIBFUSE, VERSION"})
class SameContentTest extends SameAsDisk {
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;

  @Test
  void content() throws Exception {
    same(
        b ->
            b.open("f", "f", O_CREAT | O_RDWR, 0644)
                .pwrite("f", 0, "hello")
                .pread("f", 0, 10)
                .pwrite("f", 10_000, "far")
                .pread("f", 9_990, 100)
                .pread("f", 20_000, 100)
                .fill("f", 4_000, 200, 'x')
                .pread("f", 3_990, 300)
                .ftruncate("f", 4_100)
                .ftruncate("f", 8_192)
                .pread("f", 4_050, 1_000)
                .fstat("f")
                .fill("f", 100_000, 3 << 20, 'y')
                .pread("f", 99_999, 3 << 20)
                .truncate("f", 5)
                .pread("f", 0, 10)
                .open("r", "f", O_RDONLY, 0)
                .pwrite("r", 0, "no")
                .ftruncate("r", 0)
                .open("w", "f", O_WRONLY, 0)
                .pread("w", 0, 3)
                .open("a", "f", O_WRONLY | O_APPEND, 0)
                .append("a", " and")
                .pwrite("f", 20, "gap")
                .append("a", " more")
                .pread("r", 0, 50)
                .sync("a")
                .sync("r")
                .open("t", "f", O_WRONLY | O_TRUNC, 0)
                .fstat("r")
                .append("a", "anew")
                .pread("f", 0, 10)
                .truncate("f", -1)
                .truncate("none", 1)
                .truncate("", 1));
  }

  @Test
  void room() throws Exception {
    same(
        b -> {
          b.open("f", "f", O_CREAT | O_RDWR, 0644)
              .fill("f", 0, 100_000, 'x')
              .fallocate("f", 1 | 2, 8_192, 16_384)
              .pread("f", 8_000, 20_000)
              .fallocate("f", 1, 200_000, 10)
              .fstat("f")
              .fallocate("f", 0, 200_000, 10)
              .fstat("f")
              .fallocate("f", 16, 50_000, 1_000)
              .fallocate("f", 16 | 1, 300_000, 1_000)
              .pread("f", 49_000, 3_000)
              .fstat("f")
              .fallocate("f", 0, 0, 0)
              .fallocate("f", 0, -1, 5)
              .open("r", "f", O_RDONLY, 0)
              .fallocate("r", 0, 0, 10);
          if (isKernel()) {
            b.seek("f", 0, SEEK_DATA)
                .seek("f", 0, SEEK_HOLE)
                .seek("f", 10_000, SEEK_DATA)
                .seek("f", 1 << 20, SEEK_DATA)
                .seek("f", 1 << 20, SEEK_HOLE);
          }
        });
  }

  @Test
  void whatIsRemovedWhileItIsOpen() throws Exception {
    same(
        b -> {
          b.open("f", "f", O_CREAT | O_RDWR, 0644)
              .unlink("f")
              .fstat("f")
              .pwrite("f", 0, "still here")
              .fstat("f")
              .pread("f", 0, 20)
              .ftruncate("f", 5)
              .fstat("f")
              .sync("f")
              .stat("f")
              .file("f", "another")
              .pread("f", 0, 20)
              .mkdir("d", 0755)
              .file("d/old", "old")
              .file("d/new", "new")
              .open("old", "d/old", O_RDWR, 0)
              .rename("d/new", "d/old")
              .pread("old", 0, 10)
              .fstat("old")
              .pwrite("old", 0, "OLD")
              .pread("old", 0, 10)
              .unlink("d/old")
              .rmdir("d")
              .pread("old", 0, 10);
          if (isKernel()) {
            b.fchmod("old", 0600).futimens("old", 5, 6, 7, 8).fstat("old").linkOpen("old", "x");
          }
        });
  }

  @Test
  void filesWithoutNames() throws Exception {
    if (!isKernel()) {
      assertRefused("Operation not supported", b -> b.open("t", "", O_TMPFILE | O_RDWR, 0640));
      return;
    }
    same(
        b ->
            b.mkdir("d", 0755)
                .open("t", "d", O_TMPFILE | O_RDWR, 0640)
                .append("t", "nameless")
                .fstat("t")
                .pread("t", 0, 10)
                .open("gone", "d", O_TMPFILE | O_WRONLY | O_EXCL, 0600)
                .append("gone", "x")
                .linkOpen("gone", "d/no")
                .linkOpen("t", "d/named")
                .fstat("t")
                .linkOpen("t", "d/named")
                .close("t")
                .close("gone"));
  }
}
