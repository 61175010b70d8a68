package io.datasetfs.staging;

import static io.datasetfs.staging.Pair.outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Random;

/** What is done to open files of both of a {@link Pair}. */
final class FileOperations {
  private static final Posix LIBC = Posix.LIBC;

  private final Pair pair;
  private final Random random;
  private final RandomStep step;
  private final boolean seeks;

  /**
   * @param seeks whether to compare where holes are
   */
  FileOperations(Pair pair, Random random, RandomStep step, boolean seeks) {
    this.pair = pair;
    this.random = random;
    this.step = step;
    this.seeks = seeks;
  }

  void open(String path) throws Exception {
    long kind = outcome(() -> pair.at(path).kind().typeBits());
    if (kind != InodeKind.FILE.typeBits() || pair.handles.size() > 4) {
      return;
    }
    boolean truncate = random.nextInt(4) == 0;
    step.begin("open " + path + (truncate ? " O_TRUNC" : ""));
    int descriptor = LIBC.open(pair.path(path), 2 | (truncate ? 01000 : 0), 0);
    OpenMode how = new OpenMode(true, truncate, 0);
    pair.handles.add(new Pair.Handle(pair.version.open(pair.at(path), how), descriptor));
  }

  void useHandle(Pair.Handle handle) throws Exception {
    long offset = step.anyOffset();
    long length = 1 + step.anyOffset();
    switch (random.nextInt(seeks ? 8 : 7)) {
      case 0 -> pair.close(handle);
      case 1, 2 -> write(handle);
      case 3 ->
          step.check(
              "ftruncate " + offset,
              LIBC.ftruncate(handle.descriptor(), offset),
              () -> {
                handle.file().truncate(offset);
                return 0;
              });
      case 4 -> {
        AllocateMode[] modes = AllocateMode.values();
        AllocateMode mode = modes[random.nextInt(modes.length)];
        step.check(
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
        step.begin("append " + source.length);
        LIBC.pwrite(handle.descriptor(), source, source.length, end);
        assertEquals(end, handle.file().append(ByteBuffer.wrap(source)), step.last());
      }
      case 6 -> {
        step.begin("fsync");
        handle.file().sync(random.nextBoolean());
      }
      default -> {
        SeekMode mode = random.nextBoolean() ? SeekMode.DATA : SeekMode.HOLE;
        step.check(
            "lseek %s %d".formatted(mode, offset),
            LIBC.lseek(handle.descriptor(), offset, mode.whence()),
            () -> handle.file().seek(mode, offset));
      }
    }
  }

  void write(Pair.Handle handle) throws Exception {
    byte[] source = new byte[random.nextInt(3) == 0 ? 20_000 : 1 + random.nextInt(5000)];
    random.nextBytes(source);
    long offset = step.anyOffset();
    step.check(
        "write %d %d".formatted(offset, source.length),
        LIBC.pwrite(handle.descriptor(), source, source.length, offset),
        () -> handle.file().write(offset, ByteBuffer.wrap(source)));
  }
}
