package io.datasetfs.commit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes directory trees of every shape, the same for the same seed. */
final class RandomTree {
  private static final String LETTERS =
      "abcXYZ0189 .,-_~!?*'\"\\\t\n\u0001\u007f\u00e9\u0080\u07ff\u0800\ufffd\uffff\ue000木😀\u0301";

  private final Random random;
  private final List<Path> files = new ArrayList<>();
  private int budget;

  private RandomTree(long seed, int entries) {
    this.random = new Random(seed);
    this.budget = entries;
  }

  /** Fills an empty directory with about {@code entries} entries. */
  static void fill(Path directory, long seed, int entries) throws IOException {
    new RandomTree(seed, entries).fill(directory, 0);
  }

  private void fill(Path directory, int depth) throws IOException {
    boolean deep = random.nextInt(4) == 0;
    int wanted = deep ? 2 : 1 + random.nextInt(1 + random.nextInt(60));
    for (int i = 0; i < wanted && budget > 0; i++) {
      budget--;
      Path path = directory.resolve(name());
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        continue;
      }
      int kind = random.nextInt(20);
      if ((deep || depth == 0 || kind < 3) && depth < 40 && kind < 12) {
        Files.createDirectory(path);
        fill(path, depth + 1);
        finish(path, random.nextInt(6) == 0 ? 0555 : 0700 + random.nextInt(0100));
      } else if (kind < 14) {
        Files.createSymbolicLink(path, Path.of(target()));
      } else if (kind == 14 && !files.isEmpty()) {
        Files.createLink(path, files.get(random.nextInt(files.size())));
      } else {
        writeFile(path);
        files.add(path);
        finish(path, new int[] {0644, 0600, 0444, 0, 04755, 02755, 01644, 0777}[random.nextInt(8)]);
      }
    }
  }

  private void finish(Path path, int mode) throws IOException {
    Files.setAttribute(path, "unix:mode", mode);
    if (random.nextInt(3) > 0) {
      Files.setLastModifiedTime(path, FileTime.from(time()));
    }
  }

  private Instant time() {
    return switch (random.nextInt(5)) {
      case 0 -> Instant.EPOCH;
      // The JDK sets no times before 1970 but whole seconds.
      case 1 -> Instant.ofEpochSecond(-1 - random.nextInt(1 << 30));
      case 2 -> Instant.ofEpochSecond(5_000_000_000L, 999_999_999);
      default -> Instant.ofEpochSecond(random.nextInt(1 << 30), random.nextInt(1_000_000_000));
    };
  }

  private String name() {
    int[] letters = LETTERS.codePoints().toArray();
    StringBuilder name = new StringBuilder();
    int most = random.nextInt(20) == 0 ? 200 : 12;
    int length = 1 + random.nextInt(most);
    while (name.codePointCount(0, name.length()) < length
        && name.toString().getBytes(StandardCharsets.UTF_8).length < 252) {
      name.appendCodePoint(letters[random.nextInt(letters.length)]);
    }
    String text = name.toString();
    return text.equals(".") || text.equals("..") ? "dots" : text;
  }

  private String target() {
    return switch (random.nextInt(5)) {
      case 0 -> ".";
      case 1 -> "../../nowhere";
      case 2 -> "/nowhere/at/all";
      case 3 -> name() + "/" + name();
      default -> name();
    };
  }

  private void writeFile(Path path) throws IOException {
    int shape = random.nextInt(40);
    if (shape < 4) {
      Files.createFile(path);
    } else if (shape < 24) {
      Files.write(path, content(1 + random.nextInt(400)));
    } else if (shape < 36) {
      Files.write(path, content(1 + random.nextInt(300_000)));
    } else if (shape < 38) {
      Files.write(path, content(200_000 + random.nextInt(3_000_000)));
    } else {
      writeSparse(path);
    }
  }

  private void writeSparse(Path path) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(random.nextInt(8_000_000));
      for (int i = random.nextInt(4); i > 0; i--) {
        file.seek(random.nextInt(8_000_000));
        file.write(content(1 + random.nextInt(50_000)));
      }
    }
  }

  /** Some of it compresses, some not, some is there twice. */
  byte[] content(int length) {
    byte[] bytes = new byte[length];
    switch (random.nextInt(4)) {
      case 0 -> new Random(random.nextInt(20)).nextBytes(bytes);
      case 1 -> random.nextBytes(bytes);
      case 2 -> {
        for (int i = 0; i < length; i++) {
          bytes[i] = (byte) ('a' + random.nextInt(3));
        }
      }
      default -> {
        // zeros
      }
    }
    return bytes;
  }
}
