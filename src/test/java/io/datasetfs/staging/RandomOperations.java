package io.datasetfs.staging;

import static io.datasetfs.staging.Pair.name;
import static io.datasetfs.staging.Pair.outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.datasetfs.model.FsException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** Does one random thing after the other to a {@link Pair}, and compares what came of it. */
final class RandomOperations {
  private static final Posix LIBC = Posix.LIBC;
  private static final Creator ROOT = Areas.ROOT;
  private static final List<String> NAMES = List.of("a", "b", "c", "d", "ä");
  private static final int[] MODES = {0644, 0755, 0600, 04755, 02775, 02644, 01777, 0};
  private static final int UMASK = umask();
  private static final int CREATE_EXCLUSIVE = 0100 | 0200 | 2;

  private final Pair pair;
  private final Random random;
  private final boolean seeks;
  private String last = "";

  /**
   * @param seeks whether to compare where holes are
   */
  RandomOperations(Pair pair, Random random, boolean seeks) {
    this.pair = pair;
    this.random = random;
    this.seeks = seeks;
  }

  /** What was done last. */
  String last() {
    return last;
  }

  private String anyPath() {
    StringBuilder path = new StringBuilder();
    for (int depth = 1 + random.nextInt(3); depth > 0; depth--) {
      path.append(path.isEmpty() ? "" : "/").append(NAMES.get(random.nextInt(NAMES.size())));
    }
    return path.toString();
  }

  private static int umask() {
    int mask = LIBC.umask(0);
    LIBC.umask(mask);
    return mask;
  }

  private int anyMode() {
    return MODES[random.nextInt(MODES.length)];
  }

  void one() throws Exception {
    String path = anyPath();
    String other = anyPath();
    int what = random.nextInt(100);
    if (what < 12) {
      makeDirectory(path);
    } else if (what < 24) {
      create(path);
    } else if (what < 28) {
      makeSpecial(path);
    } else if (what < 36) {
      remove(path, random.nextBoolean());
    } else if (what < 48) {
      rename(path, other, random.nextInt(3));
    } else if (what < 53) {
      link(path, other);
    } else if (what < 65) {
      changeAttributes(path);
    } else if (what < 70) {
      changeExtended(path);
    } else if (what < 76) {
      open(path);
    } else if (!pair.handles.isEmpty()) {
      useHandle(pair.handles.get(random.nextInt(pair.handles.size())));
    }
  }

  private void check(String operation, long real, Pair.Doing staged) throws Exception {
    last = operation;
    long expected = Posix.result(real);
    assertEquals(expected, outcome(staged), operation);
  }

  private void makeDirectory(String path) throws Exception {
    int mode = anyMode() & 01777 & ~UMASK;
    check(
        "mkdir %s %o".formatted(path, mode),
        LIBC.mkdir(pair.path(path), mode),
        () -> {
          pair.version.makeDirectory(pair.parent(path), name(path), mode, ROOT);
          return 0;
        });
  }

  private void create(String path) throws Exception {
    int mode = anyMode() & ~UMASK;
    last = "create " + path;
    long descriptor = Posix.result(LIBC.open(pair.path(path), CREATE_EXCLUSIVE, mode));
    StagedFile[] file = new StagedFile[1];
    long staged =
        outcome(
            () -> {
              file[0] =
                  pair.version.create(pair.parent(path), name(path), mode, ROOT, OpenMode.WRITE);
              return 0;
            });
    assertEquals(Math.min(0, descriptor), staged, last);
    if (staged == 0) {
      Pair.Handle handle = new Pair.Handle(file[0], (int) descriptor);
      pair.handles.add(handle);
      write(handle);
      if (random.nextInt(3) > 0) {
        pair.close(handle);
      }
    }
  }

  private void makeSpecial(String path) throws Exception {
    if (random.nextBoolean()) {
      check(
          "symlink " + path,
          LIBC.symlink(Posix.text("/nowhere/at/all"), pair.path(path)),
          () -> {
            pair.version.makeSymlink(pair.parent(path), name(path), "/nowhere/at/all", ROOT);
            return 0;
          });
      return;
    }
    int mode = InodeKind.FIFO.typeBits() | 0640;
    check(
        "mkfifo " + path,
        LIBC.mknod(pair.path(path), mode, 0),
        () -> {
          pair.version.makeNode(pair.parent(path), name(path), InodeKind.FIFO, 0640, 0, ROOT);
          return 0;
        });
  }

  private void remove(String path, boolean directory) throws Exception {
    check(
        (directory ? "rmdir " : "unlink ") + path,
        directory ? LIBC.rmdir(pair.path(path)) : LIBC.unlink(pair.path(path)),
        () -> {
          if (directory) {
            pair.version.removeDirectory(pair.parent(path), name(path));
          } else {
            pair.version.unlink(pair.parent(path), name(path));
          }
          return 0;
        });
  }

  private void rename(String from, String to, int flags) throws Exception {
    RenameMode mode =
        List.of(RenameMode.REPLACE, RenameMode.NO_REPLACE, RenameMode.EXCHANGE).get(flags);
    check(
        "rename %s %s %s".formatted(from, to, mode),
        LIBC.renameat2(Posix.AT_FDCWD, pair.path(from), Posix.AT_FDCWD, pair.path(to), flags),
        () -> {
          pair.version.rename(pair.parent(from), name(from), pair.parent(to), name(to), mode);
          return 0;
        });
  }

  private void link(String from, String to) throws Exception {
    check(
        "link %s %s".formatted(from, to),
        LIBC.link(pair.path(from), pair.path(to)),
        () -> {
          StagedInode inode = pair.at(from);
          pair.version.link(inode, pair.parent(to), name(to));
          return 0;
        });
  }

  private void changeAttributes(String path) throws Exception {
    boolean link = outcome(() -> pair.at(path).kind() == InodeKind.SYMLINK ? 1 : 0) == 1;
    switch (random.nextInt(4)) {
      case 0 -> {
        int mode = anyMode();
        if (!link) {
          check(
              "chmod %s %o".formatted(path, mode),
              LIBC.chmod(pair.path(path), mode),
              () -> set(path, AttributeChange.NONE.withMode(mode)));
        }
      }
      case 1 -> {
        int uid = random.nextInt(3) - 1;
        int gid = random.nextInt(3);
        AttributeChange group = AttributeChange.NONE.withGid(gid);
        check(
            "chown %s %d %d".formatted(path, uid, gid),
            LIBC.lchown(pair.path(path), uid, gid),
            () -> set(path, uid < 0 ? group : group.withUid(uid)));
      }
      case 2 -> {
        long[] times = {
          random.nextInt(), random.nextInt(1_000_000_000),
          random.nextInt(), random.nextInt(1_000_000_000)
        };
        check(
            "utimens " + path,
            LIBC.utimensat(Posix.AT_FDCWD, pair.path(path), times, Posix.AT_SYMLINK_NOFOLLOW),
            () ->
                set(
                    path,
                    AttributeChange.NONE
                        .withAtime(Instant.ofEpochSecond(times[0], times[1]))
                        .withMtime(Instant.ofEpochSecond(times[2], times[3]))));
      }
      default -> {
        long size = anyOffset();
        if (!link) {
          check(
              "truncate %s %d".formatted(path, size),
              LIBC.truncate(pair.path(path), size),
              () -> set(path, AttributeChange.NONE.withSize(size)));
        }
      }
    }
  }

  private long set(String path, AttributeChange change) throws FsException {
    pair.version.setAttributes(pair.at(path), change);
    return 0;
  }

  private void changeExtended(String path) throws Exception {
    long kind = outcome(() -> pair.at(path).kind().typeBits());
    if (kind > 0 && kind != InodeKind.FILE.typeBits() && kind != InodeKind.DIRECTORY.typeBits()) {
      return; // which other kinds may have some is the kernel's to say
    }
    String key = random.nextBoolean() ? "user.a" : "user.b";
    byte[] value = new byte[random.nextInt(40)];
    random.nextBytes(value);
    int flags = random.nextInt(3);
    if (random.nextInt(3) == 0) {
      check(
          "removexattr %s %s".formatted(path, key),
          LIBC.lremovexattr(pair.path(path), Posix.text(key)),
          () -> {
            pair.version.removeExtendedAttribute(pair.at(path), key);
            return 0;
          });
    } else {
      AttributeMode mode =
          List.of(AttributeMode.ANY, AttributeMode.CREATE, AttributeMode.REPLACE).get(flags);
      check(
          "setxattr %s %s %s".formatted(path, key, mode),
          LIBC.lsetxattr(pair.path(path), Posix.text(key), value, value.length, flags),
          () -> {
            pair.version.setExtendedAttribute(pair.at(path), key, value, mode);
            return 0;
          });
    }
  }

  private void open(String path) throws Exception {
    long kind = outcome(() -> pair.at(path).kind().typeBits());
    if (kind != InodeKind.FILE.typeBits() || pair.handles.size() > 4) {
      return;
    }
    boolean truncate = random.nextInt(4) == 0;
    last = "open " + path + (truncate ? " O_TRUNC" : "");
    int descriptor = LIBC.open(pair.path(path), 2 | (truncate ? 01000 : 0), 0);
    OpenMode how = new OpenMode(true, truncate, 0);
    pair.handles.add(new Pair.Handle(pair.version.open(pair.at(path), how), descriptor));
  }

  private long anyOffset() {
    return switch (random.nextInt(4)) {
      case 0 -> 4096L * random.nextInt(10);
      case 1 -> random.nextInt(100);
      default -> random.nextInt(40_000);
    };
  }

  private void useHandle(Pair.Handle handle) throws Exception {
    long offset = anyOffset();
    long length = 1 + anyOffset();
    switch (random.nextInt(seeks ? 8 : 7)) {
      case 0 -> pair.close(handle);
      case 1, 2 -> write(handle);
      case 3 ->
          check(
              "ftruncate " + offset,
              LIBC.ftruncate(handle.descriptor(), offset),
              () -> {
                handle.file().truncate(offset);
                return 0;
              });
      case 4 -> {
        AllocateMode[] modes = AllocateMode.values();
        AllocateMode mode = modes[random.nextInt(modes.length)];
        check(
            "fallocate %s %d %d".formatted(mode, offset, length),
            LIBC.fallocate(handle.descriptor(), mode.flags(), offset, length),
            () -> {
              handle.file().allocate(mode, offset, length);
              return 0;
            });
      }
      case 5 -> {
        byte[] source = new byte[1 + random.nextInt(5000)];
        random.nextBytes(source);
        long end = RealStat.of(handle.descriptor(), "").size();
        last = "append " + source.length;
        LIBC.pwrite(handle.descriptor(), source, source.length, end);
        assertEquals(end, handle.file().append(ByteBuffer.wrap(source)), last);
      }
      case 6 -> {
        last = "fsync";
        handle.file().sync(random.nextBoolean());
      }
      default -> {
        SeekMode mode = random.nextBoolean() ? SeekMode.DATA : SeekMode.HOLE;
        check(
            "lseek %s %d".formatted(mode, offset),
            LIBC.lseek(handle.descriptor(), offset, mode.whence()),
            () -> handle.file().seek(mode, offset));
      }
    }
  }

  private void write(Pair.Handle handle) throws Exception {
    byte[] source = new byte[random.nextInt(3) == 0 ? 20_000 : 1 + random.nextInt(5000)];
    random.nextBytes(source);
    long offset = anyOffset();
    check(
        "write %d %d".formatted(offset, source.length),
        LIBC.pwrite(handle.descriptor(), source, source.length, offset),
        () -> handle.file().write(offset, ByteBuffer.wrap(source)));
  }
}
