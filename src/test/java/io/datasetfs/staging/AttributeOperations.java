package io.datasetfs.staging;

import static io.datasetfs.staging.Pair.outcome;

import io.datasetfs.model.FsException;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** Changes of attributes in both of a {@link Pair}. */
final class AttributeOperations {
  private static final Posix LIBC = Posix.LIBC;

  private final Pair pair;
  private final Random random;
  private final RandomStep step;

  AttributeOperations(Pair pair, Random random, RandomStep step) {
    this.pair = pair;
    this.random = random;
    this.step = step;
  }

  void changeAttributes(String path) throws Exception {
    boolean link = outcome(() -> pair.at(path).kind() == InodeKind.SYMLINK ? 1 : 0) == 1;
    switch (random.nextInt(4)) {
      case 0 -> {
        int mode = step.anyMode();
        if (!link) {
          step.check(
              "chmod %s %o".formatted(path, mode),
              LIBC.chmod(pair.path(path), mode),
              () -> set(path, AttributeChange.NONE.withMode(mode)));
        }
      }
      case 1 -> {
        int uid = random.nextInt(3) - 1;
        int gid = random.nextInt(3);
        AttributeChange group = AttributeChange.NONE.withGid(gid);
        step.check(
            "chown %s %d %d".formatted(path, uid, gid),
            LIBC.lchown(pair.path(path), uid, gid),
            () -> set(path, uid < 0 ? group : group.withUid(uid)));
      }
      case 2 -> {
        long[] times = {
          random.nextInt(), random.nextInt(1_000_000_000),
          random.nextInt(), random.nextInt(1_000_000_000)
        };
        step.check(
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
        long size = step.anyOffset();
        if (!link) {
          step.check(
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

  void changeExtended(String path) throws Exception {
    long kind = outcome(() -> pair.at(path).kind().typeBits());
    if (kind > 0 && kind != InodeKind.FILE.typeBits() && kind != InodeKind.DIRECTORY.typeBits()) {
      return; // which other kinds may have some is the kernel's to say
    }
    String key = random.nextBoolean() ? "user.a" : "user.b";
    byte[] value = new byte[random.nextInt(40)];
    random.nextBytes(value);
    int flags = random.nextInt(3);
    if (random.nextInt(3) == 0) {
      step.check(
          "removexattr %s %s".formatted(path, key),
          LIBC.lremovexattr(pair.path(path), Posix.text(key)),
          () -> {
            pair.version.removeExtendedAttribute(pair.at(path), key);
            return 0;
          });
    } else {
      AttributeMode mode =
          List.of(AttributeMode.ANY, AttributeMode.CREATE, AttributeMode.REPLACE).get(flags);
      step.check(
          "setxattr %s %s %s".formatted(path, key, mode),
          LIBC.lsetxattr(pair.path(path), Posix.text(key), value, value.length, flags),
          () -> {
            pair.version.setExtendedAttribute(pair.at(path), key, value, mode);
            return 0;
          });
    }
  }
}
