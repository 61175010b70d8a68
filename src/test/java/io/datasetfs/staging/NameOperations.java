package io.datasetfs.staging;

import static io.datasetfs.staging.Pair.name;
import static io.datasetfs.staging.Pair.outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;

/** Changes of names in both of a {@link Pair}. */
final class NameOperations {
  private static final Posix LIBC = Posix.LIBC;
  private static final Creator ROOT = Areas.ROOT;
  private static final int UMASK = umask();
  private static final int CREATE_EXCLUSIVE = 0100 | 0200 | 2;

  private final Pair pair;
  private final Random random;
  private final RandomStep step;
  private final FileOperations files;

  NameOperations(Pair pair, Random random, RandomStep step, FileOperations files) {
    this.pair = pair;
    this.random = random;
    this.step = step;
    this.files = files;
  }

  private static int umask() {
    int mask = LIBC.umask(0);
    LIBC.umask(mask);
    return mask;
  }

  void makeDirectory(String path) throws Exception {
    int mode = step.anyMode() & 01777 & ~UMASK;
    step.check(
        "mkdir %s %o".formatted(path, mode),
        LIBC.mkdir(pair.path(path), mode),
        () -> {
          pair.version.makeDirectory(pair.parent(path), name(path), mode, ROOT);
          return 0;
        });
  }

  void create(String path) throws Exception {
    int mode = step.anyMode() & ~UMASK;
    step.begin("create " + path);
    long descriptor = Posix.result(LIBC.open(pair.path(path), CREATE_EXCLUSIVE, mode));
    StagedFile[] file = new StagedFile[1];
    long staged =
        outcome(
            () -> {
              file[0] =
                  pair.version.create(pair.parent(path), name(path), mode, ROOT, OpenMode.WRITE);
              return 0;
            });
    assertEquals(Math.min(0, descriptor), staged, step.last());
    if (staged == 0) {
      Pair.Handle handle = new Pair.Handle(file[0], (int) descriptor);
      pair.handles.add(handle);
      files.write(handle);
      if (random.nextInt(3) > 0) {
        pair.close(handle);
      }
    }
  }

  void makeSpecial(String path) throws Exception {
    if (random.nextBoolean()) {
      step.check(
          "symlink " + path,
          LIBC.symlink(Posix.text("/nowhere/at/all"), pair.path(path)),
          () -> {
            pair.version.makeSymlink(pair.parent(path), name(path), "/nowhere/at/all", ROOT);
            return 0;
          });
      return;
    }
    int mode = InodeKind.FIFO.typeBits() | 0640;
    step.check(
        "mkfifo " + path,
        LIBC.mknod(pair.path(path), mode, 0),
        () -> {
          pair.version.makeNode(pair.parent(path), name(path), InodeKind.FIFO, 0640, 0, ROOT);
          return 0;
        });
  }

  void remove(String path, boolean directory) throws Exception {
    step.check(
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

  void rename(String from, String to, int flags) throws Exception {
    RenameMode mode =
        List.of(RenameMode.REPLACE, RenameMode.NO_REPLACE, RenameMode.EXCHANGE).get(flags);
    step.check(
        "rename %s %s %s".formatted(from, to, mode),
        LIBC.renameat2(Posix.AT_FDCWD, pair.path(from), Posix.AT_FDCWD, pair.path(to), flags),
        () -> {
          pair.version.rename(pair.parent(from), name(from), pair.parent(to), name(to), mode);
          return 0;
        });
  }

  void link(String from, String to) throws Exception {
    step.check(
        "link %s %s".formatted(from, to),
        LIBC.link(pair.path(from), pair.path(to)),
        () -> {
          StagedInode inode = pair.at(from);
          pair.version.link(inode, pair.parent(to), name(to));
          return 0;
        });
  }
}
