package io.datasetfs.format;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdCompressCtx;
import io.datasetfs.catalog.Repository;
import io.datasetfs.model.BlockRef;
import io.datasetfs.model.DatasetHead;
import io.datasetfs.model.DatasetId;
import io.datasetfs.model.Digest;
import io.datasetfs.model.Extent;
import io.datasetfs.model.FsException;
import io.datasetfs.model.PackId;
import io.datasetfs.model.TreeEntry;
import io.datasetfs.model.TreeEntry.FileContent;
import io.datasetfs.model.Utf8;
import io.datasetfs.model.VersionId;
import io.datasetfs.model.VersionRecord;
import io.datasetfs.store.local.LocalObjectStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * Makes the golden repository of format 1. It was run once: what it made is what every later
 * release must read, so it is kept for its successor to start from, and no test runs it.
 */
final class GoldenRepository {
  static final DatasetId DATASET = new DatasetId("dst364npcw6ccok");
  static final VersionId FIRST = new VersionId("fo5rp4m");
  static final VersionId SECOND = new VersionId("x81kq0a");
  static final VersionId EMPTY = new VersionId("empty00");
  private static final Instant TIME = Instant.parse("2026-11-22T18:00:00.123456789Z");
  private static final int EXTENTS = 4000;

  private final Random random = new Random(1);
  private final ZstdCompressCtx context = new ZstdCompressCtx();
  private final List<PackBuilder> packs = new ArrayList<>();
  private final Map<Digest, BlockRef> pages = new HashMap<>();
  private final IdentityHashMap<TreeEntry, List<TreeEntry>> children = new IdentityHashMap<>();
  private PackBuilder data;
  private PackBuilder tree;

  /** Writes the repository and its manifest into an empty directory. */
  public static void main(String[] arguments) throws IOException {
    new GoldenRepository().write(Path.of(arguments[0]));
  }

  private void write(Path target) throws IOException {
    beginPacks(0x10);
    List<TreeEntry> entries = entries();
    TreeEntry.Directory first = directory("", 0755, TIME, entries);
    beginPacks(0x20);
    entries.removeIf(entry -> entry.name().equals("many") || entry.name().equals("small"));
    entries.add(shared("small", List.of("another", "content")));
    TreeEntry.Directory second = directory("", 02750, Instant.ofEpochSecond(-1, 1), entries);
    TreeEntry.Directory empty = directory("", 0700, TIME, List.of());
    try (LocalObjectStore store = LocalObjectStore.open(target.resolve("repository"))) {
      Repository.createIfAbsent(store, Clock.fixed(TIME, ZoneOffset.UTC));
      for (PackBuilder pack : packs) {
        store.putIfAbsent(PackLayout.key(DATASET, pack.id()), pack.finish());
      }
      byte[] head = HeadCodec.encode(head(first, second, empty));
      store.putIfAbsent("datasets/" + DATASET + "/dataset.json", List.of(ByteBuffer.wrap(head)));
    }
    Map<String, Map<String, String>> manifest = new TreeMap<>();
    manifest.put(FIRST.value(), manifest(first));
    manifest.put(SECOND.value(), manifest(second));
    manifest.put(EMPTY.value(), manifest(empty));
    byte[] json = new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest);
    Files.write(target.resolve("manifest.json"), json);
  }

  private void beginPacks(int number) {
    data = new PackBuilder(new PackId(0xab00L + number, number), PackKind.DATA);
    tree = new PackBuilder(new PackId(0xcd00L + number, ~(long) number), PackKind.TREE);
    packs.add(data);
    packs.add(tree);
  }

  private static DatasetHead head(
      TreeEntry.Directory first, TreeEntry.Directory second, TreeEntry.Directory empty) {
    TreeMap<String, VersionId> tags = new TreeMap<>();
    tags.put("golden", FIRST);
    VersionRecord one = record(FIRST, "as \"shipped\"\n", Optional.empty(), first);
    VersionRecord two = record(SECOND, "", Optional.of(FIRST), second);
    VersionRecord three = record(EMPTY, "nothing", Optional.empty(), empty);
    return DatasetHead.empty(DATASET, "golden 木", "of format 1", TIME, "made-by-hand")
        .withVersions(
            9, List.of(three.published(9, TIME), two.published(4, TIME), one.published(1, TIME)))
        .withTags(tags);
  }

  private static VersionRecord record(
      VersionId id, String message, Optional<VersionId> parent, TreeEntry.Directory root) {
    return new VersionRecord(id, 0, message, TIME, TIME, parent, root);
  }

  private List<TreeEntry> entries() throws FsException {
    List<TreeEntry> entries = new ArrayList<>();
    entries.add(inline("empty", 0));
    entries.add(inline("longest-inline", 128));
    entries.add(new TreeEntry.Symlink("link", 0777, TIME, "../sub//\ufffd/😀"));
    entries.add(directory("empty-directory", 0, Instant.EPOCH, List.of()));
    entries.add(inline("\uffff before 😀", 3));
    entries.add(inline("😀 after \uffff", 3));
    entries.add(shared("small", List.of("one", "two", "three", "one")));
    entries.add(large());
    entries.add(holes());
    entries.add(paged());
    List<TreeEntry> many = new ArrayList<>();
    for (int i = 0; i < 700; i++) {
      byte[] bytes = Utf8.encode("n".repeat(50 + i % 40));
      FileContent content = new FileContent.Inline(bytes);
      String name = "entry-%04x".formatted(i * 7919 % 65536);
      many.add(new TreeEntry.File(name, 0644, TIME, bytes.length, Digest.compute(bytes), content));
    }
    entries.add(directory("many", 0711, TIME, many));
    return entries;
  }

  private TreeEntry.File file(String name, int mode, byte[] bytes, FileContent content) {
    Instant mtime = Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
    return new TreeEntry.File(name, mode, mtime, bytes.length, Digest.compute(bytes), content);
  }

  private byte[] noise(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private TreeEntry.File inline(String name, int length) {
    byte[] bytes = noise(length);
    return file(name, 04755, bytes, new FileContent.Inline(bytes));
  }

  /** Files that share a block, the first and the last of them a chunk as well. */
  private TreeEntry.Directory shared(String name, List<String> texts) throws FsException {
    Map<String, Integer> offsets = new TreeMap<>();
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    List<PackIndex.Chunk> chunks = new ArrayList<>();
    for (String text : texts) {
      byte[] bytes = Utf8.encode(text.repeat(100));
      if (offsets.putIfAbsent(text, block.size()) == null) {
        chunks.add(new PackIndex.Chunk(Digest.compute(bytes), bytes.length));
        block.writeBytes(bytes);
      }
    }
    BlockRef ref = block(block.toByteArray(), chunks);
    List<TreeEntry> files = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      byte[] bytes = Utf8.encode(texts.get(i).repeat(100));
      Extent extent = new Extent.Stored(ref, offsets.get(texts.get(i)), bytes.length);
      files.add(file("file" + i, 0444, bytes, new FileContent.Extents(List.of(extent))));
    }
    return directory(name, 0555, TIME, List.of(directory("sub", 0777, TIME, files)));
  }

  private TreeEntry.File large() throws FsException {
    byte[] noise = noise(9000);
    byte[] letters = Utf8.encode("abcdefgh".repeat(5000));
    List<Extent> extents =
        List.of(
            new Extent.Stored(block(noise), 0, noise.length),
            new Extent.Stored(block(letters), 0, letters.length));
    byte[] whole = new byte[noise.length + letters.length];
    System.arraycopy(noise, 0, whole, 0, noise.length);
    System.arraycopy(letters, 0, whole, noise.length, letters.length);
    return file("large", 0600, whole, new FileContent.Extents(extents));
  }

  private TreeEntry.File holes() throws FsException {
    byte[] bytes = noise(1000);
    byte[] whole = new byte[3_000_000];
    System.arraycopy(bytes, 0, whole, 1_000_000, bytes.length);
    System.arraycopy(bytes, 100, whole, 2_000_000, 500);
    BlockRef block = block(bytes);
    List<Extent> extents =
        List.of(
            new Extent.Hole(1_000_000),
            new Extent.Stored(block, 0, 1000),
            new Extent.Hole(999_000),
            new Extent.Stored(block, 100, 500),
            new Extent.Hole(999_500));
    return file("holes", 0644, whole, new FileContent.Extents(extents));
  }

  private TreeEntry.File paged() throws FsException {
    List<BlockRef> blocks = new ArrayList<>();
    List<byte[]> contents = new ArrayList<>();
    while (blocks.size() < 12) {
      byte[] bytes = noise(50);
      // One of them ends a page of extents wherever a page may end.
      boolean cuts = Math.floorMod((int) Digest.compute(bytes).word(1), 256) == 0;
      if (blocks.size() < 11 || cuts) {
        contents.add(bytes);
        blocks.add(block(bytes));
      }
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    ExtentWriter writer = new ExtentWriter(this::page);
    for (int i = 0; i < EXTENTS; i++) {
      int number = i % blocks.size();
      int offset = i % 11;
      int length = 1 + i % 39;
      if (i % 100 == 0) {
        whole.write(new byte[7], 0, 7);
        writer.add(new Extent.Hole(7));
      } else {
        whole.write(contents.get(number), offset, length);
        writer.add(new Extent.Stored(blocks.get(number), offset, length));
      }
    }
    return file("paged", 0640, whole.toByteArray(), writer.finish());
  }

  private BlockRef block(byte[] raw) {
    return block(raw, List.of(new PackIndex.Chunk(Digest.compute(raw), raw.length)));
  }

  private BlockRef block(byte[] raw, List<PackIndex.Chunk> chunks) {
    BlockCodec.EncodedBlock encoded = BlockCodec.encode(raw, raw.length, context);
    return data.append(encoded, raw.length, Digest.compute(raw), chunks);
  }

  private BlockRef page(byte[] page) {
    Digest digest = Digest.compute(page);
    return pages.computeIfAbsent(
        digest,
        d ->
            tree.append(
                BlockCodec.encode(page, page.length, context),
                page.length,
                d,
                List.of(new PackIndex.Chunk(d, page.length))));
  }

  private TreeEntry.Directory directory(
      String name, int mode, Instant mtime, List<TreeEntry> entries) throws FsException {
    List<TreeEntry> sorted = new ArrayList<>(entries);
    sorted.sort(Comparator.comparing(entry -> Utf8.encode(entry.name()), Utf8::compare));
    DirectoryWriter writer = new DirectoryWriter(this::page);
    ContentDigest sum = new ContentDigest();
    for (TreeEntry entry : sorted) {
      writer.add(entry);
      sum.add(entry);
    }
    TreeEntry.Directory directory =
        new TreeEntry.Directory(name, mode, mtime, sum.finish(), writer.finish());
    children.put(directory, sorted);
    return directory;
  }

  private Map<String, String> manifest(TreeEntry.Directory root) {
    Map<String, String> lines = new TreeMap<>();
    lines.put("", describe(root));
    addLines("", root, lines);
    return lines;
  }

  private void addLines(String prefix, TreeEntry directory, Map<String, String> lines) {
    for (TreeEntry entry : children.get(directory)) {
      lines.put(prefix + entry.name(), describe(entry));
      if (entry instanceof TreeEntry.Directory) {
        addLines(prefix + entry.name() + "/", entry, lines);
      }
    }
  }

  /** An entry as the manifest has it. */
  static String describe(TreeEntry entry) {
    String common = " %o %s ".formatted(entry.mode(), entry.mtime());
    if (entry instanceof TreeEntry.File file) {
      return "f" + common + file.size() + " " + file.digest();
    }
    if (entry instanceof TreeEntry.Symlink link) {
      return "l" + common + link.target();
    }
    var sum = ((TreeEntry.Directory) entry).summary();
    return "d%s%d %d %d %d %s"
        .formatted(
            common, sum.entries(), sum.directories(), sum.files(), sum.bytes(), sum.content());
  }
}
