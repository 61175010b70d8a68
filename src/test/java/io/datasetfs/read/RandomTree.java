package io.datasetfs.read;

import io.datasetfs.model.Utf8;
import java.time.Instant;
import java.util.Random;

/** Random trees with everything that a version can hold. */
final class RandomTree {
  private final Random random;

  RandomTree(long seed) {
    this.random = new Random(seed);
  }

  Model.Directory root() {
    return directory(4);
  }

  private Model.Directory directory(int depth) {
    Model.Directory directory = new Model.Directory(mode(), time());
    int children = random.nextInt(20) == 0 ? 3000 : random.nextInt(12);
    for (int i = 0; i < children; i++) {
      directory.with(name(), child(children > 100 ? 0 : depth));
    }
    return directory;
  }

  private Model child(int depth) {
    int kind = random.nextInt(10);
    if (kind < 3 && depth > 0) {
      return directory(depth - 1);
    }
    if (kind == 3) {
      return new Model.Link(time(), name() + "/" + name());
    }
    return file(depth == 0);
  }

  private Model.File file(boolean small) {
    int kind = random.nextInt(10);
    if (small || kind < 4) {
      byte[] bytes = bytes(random.nextInt(129));
      return new Model.File(
          mode(), time(), true, java.util.List.of(new Model.Segment(bytes, bytes.length)));
    }
    if (kind == 4) {
      return new Model.File(mode(), time(), false, java.util.List.of());
    }
    Model.File file = new Model.File(mode(), time(), false, java.util.List.of());
    int segments = kind == 5 ? 150 : 1 + random.nextInt(5);
    for (int i = 0; i < segments; i++) {
      file = file.data(bytes(1 + random.nextInt(20_000)));
      if (random.nextBoolean()) {
        file = file.hole(random.nextInt(20) == 0 ? (1L << 31) + 7 : 1 + random.nextInt(9000));
      }
    }
    return file;
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    if (random.nextBoolean()) {
      random.nextBytes(bytes);
    }
    return bytes;
  }

  private int mode() {
    return random.nextInt(010000);
  }

  private Instant time() {
    return Instant.ofEpochSecond(
        random.nextInt() * 5L, random.nextBoolean() ? random.nextInt(1_000_000_000) : 0);
  }

  /** Any characters but the two that names cannot have; any length up to 255 bytes. */
  private String name() {
    StringBuilder name = new StringBuilder();
    int length = 1 + random.nextInt(random.nextInt(10) == 0 ? 255 : 12);
    int bytes = 0;
    while (bytes < length) {
      int c = character();
      int size = Utf8.encode(Character.toString(c)).length;
      if (bytes + size > 255) {
        break;
      }
      name.appendCodePoint(c);
      bytes += size;
    }
    String text = name.toString();
    return text.equals(".") || text.equals("..") ? "..." : text;
  }

  private int character() {
    while (true) {
      int c =
          switch (random.nextInt(4)) {
            case 0 -> 'a' + random.nextInt(3);
            case 1 -> 1 + random.nextInt(255);
            case 2 -> random.nextInt(0x10000);
            default -> random.nextInt(0x110000);
          };
      if (c != 0 && c != '/' && !(c >= 0xD800 && c < 0xE000)) {
        return c;
      }
    }
  }
}
