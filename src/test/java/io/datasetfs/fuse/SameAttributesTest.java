package io.datasetfs.fuse;

import static io.datasetfs.fuse.PosixCalls.O_RDWR;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a mount answers to changes of attributes, also those of others, is what the directory behind
 * it answers.
 */
@ParameterizedClass
@CsvSource({"KERNEL, DIRECTORY", "LIBFUSE, DIRECTORY", "KERNEL, VERSION", "LIBFUSE, VERSION"})
class SameAttributesTest extends SameAsDisk {
  private static final int OMIT = (1 << 30) - 2;
  private static final int NOW = (1 << 30) - 1;

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
                .utimens("f", Long.MAX_VALUE, 5, Long.MIN_VALUE, 7)
                .exactTimes("f")
                .utimens("f", 15_032_385_534L, 5, 15_032_385_536L, 7)
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
}
