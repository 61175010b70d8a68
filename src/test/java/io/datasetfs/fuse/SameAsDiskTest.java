package io.datasetfs.fuse;

import static io.datasetfs.fuse.PosixCalls.O_APPEND;
import static io.datasetfs.fuse.PosixCalls.O_CREAT;
import static io.datasetfs.fuse.PosixCalls.O_DIRECTORY;
import static io.datasetfs.fuse.PosixCalls.O_EXCL;
import static io.datasetfs.fuse.PosixCalls.O_NOFOLLOW;
import static io.datasetfs.fuse.PosixCalls.O_RDONLY;
import static io.datasetfs.fuse.PosixCalls.O_RDWR;
import static io.datasetfs.fuse.PosixCalls.O_TMPFILE;
import static io.datasetfs.fuse.PosixCalls.O_TRUNC;
import static io.datasetfs.fuse.PosixCalls.O_WRONLY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.datasetfs.fs.WritableSample;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** What a mount answers to programs that write is what the directory behind it answers. */
@ParameterizedClass
@CsvSource({"KERNEL, DIRECTORY", "LIBFUSE, DIRECTORY", "KERNEL, VERSION", "LIBFUSE, VERSION"})
class SameAsDiskTest {
  private static final int OMIT = (1 << 30) - 2;
  private static final int NOW = (1 << 30) - 1;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;

  @Parameter(0)
  Transport transport;

  @Parameter(1)
  Behind kind;

  @TempDir Path disk;
  @TempDir Path behind;

  private AutoCloseable closing;
  private FuseMount mount;
  private Path place;
  private Path mountpoint;
  private int umask;

  /** What is mounted. */
  enum Behind {
    /** A directory of the machine. */
    DIRECTORY,
    /** An uncommitted version. */
    VERSION
  }

  /** What is done in both places. */
  private interface Script {
    void run(Bench bench) throws Exception;
  }

  @BeforeEach
  void mount() throws Exception {
    umask = PosixCalls.C.umask(0);
    Files.setAttribute(disk, "unix:mode", 0755);
    Files.setAttribute(behind, "unix:mode", 0755);
    mountpoint = Files.createTempDirectory("dsfs same ").toRealPath();
    MountOptions options =
        MountOptions.at(mountpoint).transport(transport).allowOther(true).build();
    switch (kind) {
      case DIRECTORY -> {
        HostFileSystem fs = new HostFileSystem(behind);
        closing = fs;
        mount = FuseMount.mount(fs, options);
        place = mountpoint;
      }
      case VERSION -> {
        WritableSample sample = new WritableSample(behind);
        closing = sample;
        mount = FuseMount.mount(sample.fileSystem(), options);
        place = mountpoint.resolve(sample.path());
      }
    }
  }

  @AfterEach
  void unmount() throws Exception {
    PosixCalls.C.umask(umask);
    mount.close();
    closing.close();
    Files.delete(mountpoint);
  }

  private boolean isKernel() {
    return transport == Transport.KERNEL;
  }

  private void same(Script script) throws Exception {
    Bench expected = new Bench(disk);
    Bench actual = new Bench(place);
    for (Bench bench : new Bench[] {expected, actual}) {
      try {
        script.run(bench);
        bench.user(0).tree();
      } finally {
        bench.end();
      }
    }
    assertEquals(String.join("\n", expected.log()), String.join("\n", actual.log()));
  }

  /** Whether the last thing in a script is refused, since libfuse 2 does not have it. */
  private void assertRefused(String reason, Script script) throws Exception {
    Bench bench = new Bench(place);
    try {
      script.run(bench);
    } finally {
      bench.end();
    }
    String last = bench.log().get(bench.log().size() - 2); // before the end's change of user
    assertTrue(last.endsWith(reason), last);
  }

  @Test
  void names() throws Exception {
    String longest = "n".repeat(255);
    same(
        b ->
            b.mkdir("d", 0755)
                .mkdir("d", 0700)
                .mkdir("d/e", 01777)
                .mkdir("no/e", 0755)
                .file("f", "content")
                .mkdir("f", 0755)
                .mkdir("f/x", 0755)
                .open("x", "f", O_CREAT | O_EXCL | O_WRONLY, 0600)
                .open("x", "f/x", O_CREAT | O_WRONLY, 0600)
                .open("x", "f", O_RDONLY | O_DIRECTORY, 0)
                .open("x", "d", O_WRONLY, 0)
                .open("x", "d/new", O_CREAT | O_RDWR, 0440)
                .append("x", "written though read-only")
                .close("x")
                .file(longest, "1")
                .file(longest + "n", "2")
                .file("ünïcode \u2603 \ud83d\ude00", "3")
                .unlink("d")
                .unlink("none")
                .rmdir("f")
                .rmdir("d")
                .rmdir("d/e")
                .rmdir("d/e")
                .unlink("d/new")
                .rmdir("d")
                .stat("d")
                .mkdir("d", 02770)
                .mkdir("d/inherits", 0755)
                .file("d/g", ""));
  }

  @Test
  void links() throws Exception {
    same(
        b ->
            b.file("f", "one")
                .mkdir("d", 0755)
                .stat("f")
                .link("f", "d/g")
                .stat("f")
                .stat("d/g")
                .link("f", "d/g")
                .link("d", "e")
                .link("none", "x")
                .symlink("f", "s")
                .symlink("f", "s")
                .symlink("loop", "loop")
                .symlink("../f", "d/up")
                .symlink("no/where", "dangling")
                .symlink("x".repeat(4000), "long")
                .open("a", "loop", O_RDONLY, 0)
                .open("a", "s", O_RDONLY | O_NOFOLLOW, 0)
                .open("a", "dangling", O_RDONLY, 0)
                .open("a", "d/up", O_RDWR, 0)
                .append("a", "two")
                .close("a")
                .link("s", "t")
                .stat("s")
                .unlink("f")
                .stat("d/g")
                .link("d/g", "back")
                .stat("back"));
  }

  @Test
  void writingUnderOneNameShowsUnderTheOther() throws Exception {
    same(
        b ->
            b.file("f", "one")
                .link("f", "g")
                .stat("g")
                .file("f", "longer than before")
                .stat("g")
                .chmod("g", 0600)
                .stat("f")
                .unlink("g")
                .stat("f"));
  }

  @Test
  void specialFiles() throws Exception {
    same(
        b ->
            b.mknod("fifo", 0010644, 0)
                .mknod("socket", 0140600, 0)
                .mknod("null", 0020666, 0x0103)
                .mknod("disk", 0060640, 0x0801)
                .mknod("plain", 0100644, 0)
                .mknod("plain", 0100644, 0)
                .stat("null")
                .stat("disk")
                .chmod("fifo", 0600));
  }

  @Test
  void renames() throws Exception {
    same(
        b ->
            b.mkdir("d", 0755)
                .mkdir("d/sub", 0755)
                .mkdir("empty", 0755)
                .file("d/sub/f", "1")
                .file("a", "a")
                .file("b", "b")
                .rename("a", "b")
                .rename("a", "c")
                .rename("b", "none/c")
                .rename("b", "d")
                .rename("d", "b")
                .rename("d", "d/sub/x")
                .rename("empty", "d")
                .rename("d", "empty")
                .stat("empty")
                .stat("")
                .rename("empty/sub", "sub")
                .stat("empty")
                .stat("")
                .file("sub/g", "2")
                .link("b", "same")
                .rename("b", "same")
                .stat("b")
                .rename("b", "b".repeat(256))
                .rename("b", "sub/b")
                .stat("sub/b")
                .rename("sub", "empty/again")
                .file("empty/again/h", "3"));
  }

  @Test
  void renamesWithFlags() throws Exception {
    if (!isKernel()) {
      assertRefused("Invalid argument", b -> b.file("a", "a").rename("a", "c", 1));
      return;
    }
    same(
        b ->
            b.mkdir("d", 0755)
                .file("d/x", "x")
                .file("a", "a")
                .file("b", "b")
                .rename("a", "b", 1)
                .rename("a", "c", 1)
                .rename("c", "b", 2)
                .rename("c", "none", 2)
                .rename("d", "c", 2)
                .stat("c")
                .mkdir("e", 0755)
                .rename("c", "e/file", 2)
                .rename("c", "e/dir", 1)
                .stat("e")
                .stat("")
                .rename("d", "e/dir", 3)
                .rename("e", "e/dir", 2)
                .rename("d", "e/dir", 2));
  }

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

  @Test
  void attributes() throws Exception {
    same(
        b ->
            b.file("f", "x")
                .mkdir("d", 0755)
                .symlink("f", "s")
                .chmod("f", 07777)
                .stat("f")
                .chown("f", 7, 8)
                .stat("f")
                .chown("f", -1, 9)
                .chown("d", 5, -1)
                .chown("s", 3, 4)
                .chmod("d", 03711)
                .utimens("f", 1_000_000_000, 123_456_789, 2_000_000_000, 987_654_321)
                .exactTimes("f")
                .utimens("f", -5, 500, 0, OMIT)
                .exactTimes("f")
                .utimens("f", 0, OMIT, -7, 1)
                .exactTimes("f")
                .utimens("d", 11, 12, 13, 14)
                .exactTimes("d")
                .utimens("s", 21, 22, 23, 24)
                .exactTimes("s")
                .exactTimes("f")
                .utimens("none", 1, 2, 3, 4));
  }

  @Test
  void whichTimesChange() throws Exception {
    same(
        b -> {
          b.mkdir("d", 0755).file("d/f", "x");
          pause(b).times("d").times("d/f");
          b.file("d/g", "").times("d").times("d/f");
          pause(b).chmod("d/f", 0600).times("d").times("d/f");
          pause(b).file("d/f", "yy").times("d").times("d/f");
          pause(b).truncate("d/f", 1).times("d/f");
          pause(b).link("d/f", "d/h").times("d").times("d/f");
          pause(b).unlink("d/h").times("d").times("d/f");
          pause(b).rename("d/f", "d/i").times("d").times("d/g").rename("d/i", "d/f").times("d");
          pause(b).mkdir("d/sub", 0755).times("d");
          pause(b).rmdir("d/sub").times("d");
          pause(b).utimens("d/f", 0, NOW, 0, OMIT).times("d/f");
          pause(b).setxattr("d/f", "user.a", "b", 0).times("d/f").times("d");
          pause(b).open("f", "d/f", O_RDWR, 0).times("d/f").pread("f", 0, 1).times("d/f");
          pause(b).pwrite("f", 0, "z").times("d/f");
          pause(b).fallocate("f", 0, 100, 100).times("d/f").close("f").times("d/f");
        });
  }

  /** The clock of files ticks every few milliseconds. */
  private static Bench pause(Bench bench) throws InterruptedException {
    Thread.sleep(20);
    return bench;
  }

  @Test
  void extendedAttributes() throws Exception {
    same(
        b ->
            b.file("f", "")
                .mkdir("d", 0755)
                .symlink("f", "s")
                .setxattr("f", "user.a", "1", 2)
                .setxattr("f", "user.a", "1", 1)
                .setxattr("f", "user.a", "2", 1)
                .setxattr("f", "user.a", "three", 0)
                .getxattr("f", "user.a", 100)
                .getxattr("f", "user.a", 2)
                .getxattr("f", "user.a", 0)
                .getxattr("f", "user.none", 10)
                .setxattr("f", "user.empty", "", 0)
                .getxattr("f", "user.empty", 10)
                .setxattr("f", "user.long", "v".repeat(2000), 0)
                .getxattr("f", "user.long", 3000)
                .setxattr("f", "user." + "n".repeat(250), "v", 0)
                .setxattr("f", "user." + "n".repeat(251), "v", 0)
                .setxattr("d", "user.dir", "yes", 0)
                .setxattr("s", "user.link", "no", 0)
                .removexattr("f", "user.a")
                .removexattr("f", "user.a")
                .getxattr("f", "user.a", 10));
  }

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
