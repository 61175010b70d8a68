package io.datasetfs.cache;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Codec;
import io.datasetfs.model.Digest;
import io.datasetfs.model.PackId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Blocks whose content follows from a number, and what the tests of the disk cache share. */
final class Blocks {
  static final int LENGTH = 64 << 10;
  static final long MIB = 1 << 20;

  private static final Duration RETRY = Duration.ofMillis(300);
  private static final PackId PACK = PackId.random(new Random(1));

  private Blocks() {}

  static byte[] content(int number) {
    return content(number, LENGTH);
  }

  static byte[] content(int number, int length) {
    byte[] raw = new byte[length];
    new Random(number).nextBytes(raw);
    return raw;
  }

  static BlockRef ref(int number) {
    return ref(content(number));
  }

  static BlockRef ref(byte[] raw) {
    return new BlockRef(PACK, 0, raw.length, raw.length, Codec.RAW, Digest.compute(raw));
  }

  static DiskCacheSettings settings(Path directory, long bytes) {
    return new DiskCacheSettings(
        directory, new CacheSize(bytes, false), Duration.ofDays(14), 0, 8 * MIB, RETRY);
  }

  static void keep(DiskTier tier, int number) {
    byte[] raw = content(number);
    if (!tier.keep(ref(raw), raw)) {
      throw new AssertionError("not kept: " + number);
    }
  }

  /** Whether the block is there; one that is there and wrong is an error. */
  static boolean has(BlockTier tier, int number) {
    byte[] raw = content(number);
    byte[] found = tier.find(ref(raw));
    if (found != null && !Arrays.equals(found, raw)) {
      throw new AssertionError("wrong bytes in block " + number);
    }
    return found != null;
  }

  /** Whether a part of the block is served; one that is served and wrong is an error. */
  static boolean reads(BlockTier tier, int number, int offset, int length) {
    byte[] raw = content(number);
    ByteBuffer target = ByteBuffer.allocateDirect(length + 14).position(7);
    boolean done = tier.read(ref(raw), offset, length, target);
    if (target.position() != (done ? 7 + length : 7) || target.limit() != length + 14) {
      throw new AssertionError("the buffer is left as " + target);
    }
    if (done && !target.slice(7, length).equals(ByteBuffer.wrap(raw, offset, length))) {
      throw new AssertionError("wrong bytes in a part of block " + number);
    }
    return done;
  }

  static Path file(Path directory, BlockRef ref) {
    return new CacheDirectory(directory).data().path(ref.digest(), ref.rawLength());
  }

  /** The files of all blocks. */
  static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(file -> file.getFileName().toString().matches("[0-9a-f]{64}-[0-9]+"))
          .toList();
    }
  }

  static void await(String what, BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 3000; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      Thread.sleep(10);
    }
    throw new AssertionError("in vain waited until " + what);
  }
}
