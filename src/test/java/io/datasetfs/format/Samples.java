package io.datasetfs.format;

import io.datasetfs.model.BlockRef;
import io.datasetfs.model.Codec;
import io.datasetfs.model.Digest;
import io.datasetfs.model.Extent;
import io.datasetfs.model.PackId;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.TreeEntry.FileContent;
import io.datasetfs.model.TreeSummary;
import io.datasetfs.model.Utf8;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;

/** Values that look like real ones, the same for the same seed. */
final class Samples {
  static final Comparator<String> BY_BYTES = Comparator.comparing(Utf8::encode, Utf8::compare);

  private static final String LETTERS =
      "aZ09 .-_~\t\n\"'\\\u00e9\u0080\u07ff\u0800\ufffd\uffff\ud7ff\ue000木😀\ud83d\udc68\u200d";

  private final Random random;

  Samples(long seed) {
    random = new Random(seed);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  String name(int maxLength) {
    int[] letters = LETTERS.codePoints().toArray();
    while (true) {
      StringBuilder name = new StringBuilder();
      int length = 1 + random.nextInt(maxLength);
      for (int i = 0; i < length; i++) {
        name.appendCodePoint(letters[random.nextInt(letters.length)]);
      }
      String text = name.toString();
      if (!text.equals(".") && !text.equals("..") && Utf8.encode(text).length <= 255) {
        return text;
      }
    }
  }

  SortedSet<String> names(int count, int maxLength) {
    SortedSet<String> names = new TreeSet<>(BY_BYTES);
    while (names.size() < count) {
      names.add(name(maxLength));
    }
    return names;
  }

  Digest digest() {
    byte[] bytes = new byte[Digest.LENGTH];
    random.nextBytes(bytes);
    return Digest.of(bytes);
  }

  Instant instant() {
    return switch (random.nextInt(6)) {
      case 0 -> Instant.EPOCH;
      case 1 -> Instant.ofEpochSecond(-1, 1);
      case 2 -> Instant.ofEpochSecond(-2_147_483_648L, 999_999_999);
      case 3 -> Instant.ofEpochSecond(1L << 40, 7);
      default -> Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
    };
  }

  BlockRef block() {
    int raw = 1 + random.nextInt(1 << 20);
    Codec codec = random.nextBoolean() ? Codec.RAW : Codec.ZSTD;
    int stored = codec == Codec.RAW ? raw : 1 + random.nextInt(raw);
    PackId pack = new PackId(random.nextInt(3), -1);
    return new BlockRef(pack, random.nextLong() >>> 1, stored, raw, codec, digest());
  }

  List<Extent> extents(int count) {
    List<Extent> extents = new ArrayList<>();
    boolean hole = false;
    for (int i = 0; i < count; i++) {
      hole = !hole && random.nextInt(8) == 0;
      if (hole) {
        extents.add(new Extent.Hole(1 + (random.nextLong() >>> (20 + random.nextInt(40)))));
      } else {
        BlockRef block = block();
        int offset = random.nextInt(block.rawLength());
        int length = 1 + random.nextInt(block.rawLength() - offset);
        extents.add(new Extent.Stored(block, offset, length));
      }
    }
    return extents;
  }

  TreeEntry entry(String name) {
    int mode = random.nextInt(010000);
    return switch (random.nextInt(6)) {
      case 0 -> inline(name, random.nextInt(130));
      case 1 -> {
        List<Extent> extents = extents(random.nextInt(5));
        yield new TreeEntry.File(
            name, mode, instant(), length(extents), digest(), new FileContent.Extents(extents));
      }
      case 2 ->
          new TreeEntry.File(
              name,
              mode,
              instant(),
              random.nextLong() >>> 1,
              digest(),
              new FileContent.Paged(block()));
      case 3 -> new TreeEntry.Symlink(name, mode, instant(), "/" + name(100));
      case 4 -> new TreeEntry.Directory(name, mode, instant(), summary(), null);
      default -> new TreeEntry.Directory(name, mode, instant(), summary(), block());
    };
  }

  TreeEntry.File inline(String name, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return new TreeEntry.File(
        name, 0644, instant(), length, Digest.compute(bytes), new FileContent.Inline(bytes));
  }

  TreeSummary summary() {
    return new TreeSummary(
        random.nextInt(1000), random.nextInt(10), random.nextLong() >>> 1, 0, digest());
  }

  static long length(List<Extent> extents) {
    return extents.stream().mapToLong(Extent::length).sum();
  }

  /** Entries in a form whose equality is that of their content. */
  static String describe(TreeEntry entry) {
    if (entry instanceof TreeEntry.File file && file.content() instanceof FileContent.Inline in) {
      return "%s %o %s %d %s %s"
          .formatted(
              file.name(),
              file.mode(),
              file.mtime(),
              file.size(),
              file.digest(),
              java.util.HexFormat.of().formatHex(in.bytes()));
    }
    return entry.toString();
  }

  static List<String> describe(List<TreeEntry> entries) {
    return entries.stream().map(Samples::describe).toList();
  }
}
