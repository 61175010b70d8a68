package io.datasetfs.fuse;

import static io.datasetfs.fuse.PosixCalls.O_RDONLY;
import static io.datasetfs.fuse.PosixCalls.O_TRUNC;
import static io.datasetfs.fuse.PosixCalls.O_WRONLY;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** What a mount lets other users do is what the directory behind it lets them. */
@ParameterizedClass
@CsvSource({"KERNEL, DIRECTORY", "LIBFUSE, DIRECTORY", "KERNEL, VERSION", "LIBFUSE, VERSION"})
class SamePermissionsTest extends SameAsDisk {
  private static final int NOW = (1 << 30) - 1;

  @Test
  void otherUsers() throws Exception {
    same(
        b ->
            b.mkdir("mine", 0700)
                .mkdir("open", 0777)
                .mkdir("sticky", 01777)
                .mkdir("group", 02777)
                .file("mine/f", "secret")
                .file("sticky/root", "x")
                .file("file", "x")
                .user(1234)
                .open("a", "mine/f", O_RDONLY, 0)
                .mkdir("no", 0755)
                .file("open/his", "his")
                .mkdir("open/dir", 0755)
                .mkdir("group/dir", 0755)
                .file("group/f", "x")
                .symlink("x", "open/link")
                .mknod("open/fifo", 0010600, 0)
                .mknod("open/null", 0020666, 0x0103)
                .open("a", "file", O_RDONLY, 0)
                .open("b", "file", O_WRONLY, 0)
                .chmod("file", 0777)
                .chmod("open/his", 04755)
                .chown("open/his", 0, -1)
                .chown("open/his", 1234, 1234)
                .stat("open/his")
                .chmod("open/his", 06755)
                .open("w", "open/his", O_WRONLY, 0)
                .append("w", "more")
                .stat("open/his")
                .chmod("open/his", 04755)
                .ftruncate("w", 1)
                .stat("open/his")
                .chmod("open/his", 04755)
                .fallocate("w", 0, 0, 10)
                .stat("open/his")
                .chmod("open/his", 04755)
                .open("t", "open/his", O_WRONLY | O_TRUNC, 0)
                .stat("open/his")
                .utimens("file", 1, 2, 3, 4)
                .utimens("file", 0, NOW, 0, NOW)
                .utimens("open/his", 1, 2, 3, 4)
                .unlink("sticky/root")
                .rename("sticky/root", "open/taken")
                .file("sticky/his", "x")
                .unlink("file")
                .setxattr("file", "user.a", "b", 0)
                .setxattr("open/his", "user.a", "b", 0)
                .user(5678)
                .unlink("sticky/his")
                .unlink("open/his")
                .user(0)
                .chmod("open", 06755)
                .chmod("file", 06777)
                .open("root", "file", O_WRONLY, 0)
                .append("root", "y")
                .stat("file")
                .chown("file", 1, 1)
                .stat("file"));
  }

  @Test
  void theCallersUmask() throws Exception {
    String line = "cd \"$1\" && umask 027 && touch f && mkdir d && mkfifo p && stat -c %a f d p";
    assertEquals(Shell.succeed(line, disk), Shell.succeed(line, place));
  }
}
