package io.datasetfs.proof;

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

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * Steps that depend on nothing but the seed, so that any part of them can be done again. Names are
 * few: what one step makes is what another one meets.
 */
final class RandomSteps {
  private static final List<String> NAMES = List.of("a", "b", "c", "d", "ä", "n".repeat(255));
  private static final List<String> TARGETS = List.of("a", "../b", "c/d", ".", "loop", "no/where");

  /**
   * Not 02644: a write by who is not in the file's group takes that set-group bit away, and the
   * kernel does not tell a file system in user space which groups he is in.
   */
  private static final int[] MODES = {0644, 0755, 0600, 0777, 04755, 02775, 04644, 01777, 0};

  private static final int[] FALLOCATE = {0, 1, 1 | 2, 16, 16 | 1};
  private static final int[] RENAME = {0, 0, 0, 1, 2};
  private static final int[] FLAGS = {O_RDONLY, O_WRONLY, O_RDWR, O_RDWR, O_RDWR};
  private static final int[] MORE_FLAGS = {
    0,
    O_CREAT,
    O_CREAT,
    O_CREAT,
    O_CREAT | O_EXCL,
    O_CREAT | O_TRUNC,
    O_TRUNC,
    O_APPEND,
    O_CREAT | O_APPEND,
    O_NOFOLLOW,
    O_DIRECTORY
  };
  private static final int USER = 1234;
  private static final int NOW = (1 << 30) - 1;
  private static final int OMIT = (1 << 30) - 2;
  private static final int FIFO = 0010000;
  private static final int REGULAR = 0100000;

  private final Random random;
  private final List<Step> steps = new ArrayList<>();

  private RandomSteps(long seed) {
    random = new Random(seed);
  }

  /**
   * Draws steps.
   *
   * @param phases how often the version is committed
   * @param calls how many system calls there are before each commit
   * @param kills how many kills there are before each commit
   */
  static List<Step> draw(long seed, int phases, int calls, int kills) {
    RandomSteps drawn = new RandomSteps(seed);
    drawn.setTimesAndKill();
    for (int phase = 0; phase < phases; phase++) {
      int length = calls / 2 + drawn.random.nextInt(calls);
      int from = drawn.steps.size();
      for (int i = 0; i < length; i++) {
        drawn.one();
      }
      for (int i = 0; i < kills; i++) {
        drawn.steps.add(from + drawn.random.nextInt(length), Step.of(Step.Kind.KILL));
      }
      drawn.steps.add(Step.of(Step.Kind.COMMIT));
    }
    return drawn.steps;
  }

  /** Drawn too seldom: times that are set while what was written has not been closed. */
  private void setTimesAndKill() {
    byte[] content = content();
    steps.add(new Step("open 0 a", Step.Kind.CALL, p -> p.open(0, "a", O_CREAT | O_RDWR, 0644)));
    steps.add(new Step("write 0", Step.Kind.CALL, p -> p.write(0, content)));
    steps.add(new Step("futimens 0", Step.Kind.CALL, p -> p.futimens(0, 5, 6, 7, 8)));
    steps.add(Step.of(Step.Kind.KILL));
  }

  private void add(String text, Function<Place, String> call) {
    if (random.nextInt(6) == 0) {
      steps.add(
          new Step(
              "as " + USER + ": " + text,
              Step.Kind.CALL,
              p -> Place.as(USER, () -> call.apply(p))));
    } else {
      steps.add(new Step(text, Step.Kind.CALL, call));
    }
  }

  private String path() {
    StringBuilder path = new StringBuilder(name());
    while (path.length() < 1000 && random.nextInt(5) < 2) {
      path.append('/').append(name());
    }
    return path.toString();
  }

  private String name() {
    return NAMES.get(random.nextInt(random.nextInt(20) == 0 ? NAMES.size() : NAMES.size() - 1));
  }

  private int any(int... from) {
    return from[random.nextInt(from.length)];
  }

  private long offset() {
    return switch (random.nextInt(5)) {
      case 0 -> 4096L * random.nextInt(10);
      case 1 -> random.nextInt(100);
      case 2 -> random.nextInt(1 << 20);
      default -> random.nextInt(40_000);
    };
  }

  private static String octal(int number) {
    return "0" + Integer.toOctalString(number);
  }

  private void one() {
    if (random.nextBoolean()) {
      useSlot(random.nextInt(Place.SLOTS));
      return;
    }
    String path = path();
    int mode = any(MODES);
    switch (random.nextInt(16)) {
      case 0, 1, 2 -> open(random.nextInt(Place.SLOTS), path);
      case 3, 4 -> add("mkdir %s %s".formatted(path, octal(mode)), p -> p.mkdir(path, mode));
      case 5 -> add("rmdir " + path, p -> p.rmdir(path));
      case 6 -> add("unlink " + path, p -> p.unlink(path));
      case 7, 8 -> {
        String to = path();
        int flags = any(RENAME);
        add("rename %s %s %d".formatted(path, to, flags), p -> p.rename(path, to, flags));
      }
      case 9 -> {
        String to = path();
        add("link %s %s".formatted(path, to), p -> p.link(path, to));
      }
      case 10 -> {
        String target = TARGETS.get(random.nextInt(TARGETS.size()));
        add("symlink %s %s".formatted(target, path), p -> p.symlink(target, path));
      }
      case 11 -> {
        int node = (mode & 0777) | any(FIFO, REGULAR, REGULAR);
        add("mknod %s %s".formatted(path, octal(node)), p -> p.mknod(path, node));
      }
      case 12 -> add("chmod %s %s".formatted(path, octal(mode)), p -> p.chmod(path, mode));
      case 13 -> changeOwnerOrTimes(path);
      case 14 -> {
        long size = offset();
        add("truncate %s %d".formatted(path, size), p -> p.truncate(path, size));
      }
      default -> extended(path);
    }
  }

  private void open(int slot, String path) {
    int mode = any(MODES);
    if (random.nextInt(12) == 0) {
      int flags = O_TMPFILE | any(O_RDWR, O_RDWR | O_EXCL);
      add(
          "open %d %s %s %s".formatted(slot, path, octal(flags), octal(mode)),
          p -> p.open(slot, path, flags, mode));
      return;
    }
    int flags = any(FLAGS) | any(MORE_FLAGS);
    add(
        "open %d %s %s %s".formatted(slot, path, octal(flags), octal(mode)),
        p -> p.open(slot, path, flags, mode));
  }

  private void changeOwnerOrTimes(String path) {
    if (random.nextBoolean()) {
      int uid = any(-1, 0, 1, USER);
      int gid = any(-1, 0, 1, USER);
      add("chown %s %d %d".formatted(path, uid, gid), p -> p.chown(path, uid, gid));
    } else {
      long[] times = times();
      add("utimens %s %d.%d".formatted(path, times[2], times[3]), p -> p.utimens(path, times));
    }
  }

  /** Of access and of modification: seconds, nanoseconds. */
  private long[] times() {
    return new long[] {
      random.nextInt(1_500_000_000),
      nanos(),
      random.nextInt(1_500_000_000) - (random.nextBoolean() ? 0 : 1_000_000_000),
      nanos()
    };
  }

  private long nanos() {
    return switch (random.nextInt(6)) {
      case 0 -> NOW;
      case 1 -> OMIT;
      default -> random.nextInt(1_000_000_000);
    };
  }

  private void extended(String path) {
    String name = random.nextBoolean() ? "user.a" : "user.b";
    byte[] value = Place.bytes(random.nextLong(), random.nextInt(40));
    int flags = random.nextInt(3);
    switch (random.nextInt(5)) {
      case 0 -> add("removexattr %s %s".formatted(path, name), p -> p.removeExtended(path, name));
      case 1 -> add("getxattr %s %s".formatted(path, name), p -> p.getExtended(path, name));
      case 2 -> add("readlink " + path, p -> p.readLink(path));
      default ->
          add(
              "setxattr %s %s %s %d".formatted(path, name, HexFormat.of().formatHex(value), flags),
              p -> p.setExtended(path, name, value, flags));
    }
  }

  private void useSlot(int slot) {
    long offset = offset();
    long length = 1 + offset();
    switch (random.nextInt(16)) {
      case 0, 1 -> open(slot, path());
      case 2 -> add("close " + slot, p -> p.close(slot));
      case 3, 4, 5 -> {
        byte[] content = content();
        add(
            "pwrite %d at %d of %d".formatted(slot, offset, content.length),
            p -> p.pwrite(slot, offset, content));
      }
      case 6, 7 -> {
        byte[] content = content();
        add("write %d of %d".formatted(slot, content.length), p -> p.write(slot, content));
      }
      case 8, 9 ->
          add(
              "pread %d at %d of %d".formatted(slot, offset, length),
              p -> p.pread(slot, offset, (int) length));
      case 10 -> add("ftruncate %d %d".formatted(slot, offset), p -> p.ftruncate(slot, offset));
      case 11 -> {
        int mode = any(FALLOCATE);
        add(
            "fallocate %d %d at %d of %d".formatted(slot, mode, offset, length),
            p -> p.fallocate(slot, mode, offset, length));
      }
      case 12 -> {
        boolean data = random.nextBoolean();
        add((data ? "fdatasync " : "fsync ") + slot, p -> p.sync(slot, data));
      }
      case 13 -> {
        int whence = any(0, 1, 2);
        add("lseek %d %d %d".formatted(slot, offset, whence), p -> p.seek(slot, offset, whence));
      }
      case 14 -> {
        if (random.nextBoolean()) {
          int mode = any(MODES);
          add("fchmod %d %s".formatted(slot, octal(mode)), p -> p.fchmod(slot, mode));
        } else {
          long[] times = times();
          add(
              "futimens %d %d.%d".formatted(slot, times[2], times[3]),
              p -> p.futimens(slot, times));
        }
      }
      default -> {
        String path = path();
        add("link slot %d %s".formatted(slot, path), p -> p.linkOpen(slot, path));
      }
    }
  }

  private byte[] content() {
    int length =
        switch (random.nextInt(8)) {
          case 0 -> 300_000;
          case 1, 2 -> 20_000;
          default -> 1 + random.nextInt(5000);
        };
    return Place.bytes(random.nextLong(), length);
  }
}
