package io.datasetfs.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A reader written from {@code FORMAT.md} alone, without a line of the product: if it reads the
 * golden repository, the document suffices.
 */
final class FormatDocumentTest {
  private static final String DATASET = "datasets/dst364npcw6ccok/";

  private final Path repository = GoldenRepositoryTest.golden().resolve("repository");
  private final Map<String, String> lines = new TreeMap<>();

  private record Block(String pack, long offset, int stored, int raw, int codec, byte[] digest) {}

  /** What a directory's entry says of it, or what its entries come to. */
  private record Sum(long entries, long directories, long files, long bytes, String content) {}

  @Test
  void theDocumentSufficesToReadTheGoldenRepository() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    assertEquals(
        1, mapper.readTree(repository.resolve("dsfs.json").toFile()).get("format").asInt());
    JsonNode head = mapper.readTree(repository.resolve(DATASET + "dataset.json").toFile());
    assertEquals(1, head.get("format").asInt());
    Map<String, Map<String, String>> manifest = GoldenRepositoryTest.manifest();
    assertEquals(manifest.size(), head.get("versions").size());
    for (JsonNode version : head.get("versions")) {
      lines.clear();
      JsonNode tree = version.get("tree");
      JsonNode said = tree.get("summary");
      Sum sum =
          new Sum(
              said.get("entries").asLong(),
              said.get("directories").asLong(),
              said.get("files").asLong(),
              said.get("bytes").asLong(),
              said.get("content").asText());
      int mode = tree.get("mode").asInt();
      String mtime = Instant.parse(tree.get("mtime").asText()).toString();
      lines.put("", "d %o %s %s".formatted(mode, mtime, text(sum)));
      assertEquals(sum, readDirectory("", tree.has("page") ? block(tree.get("page")) : null));
      assertEquals(manifest.get(version.get("id").asText()), lines);
    }
  }

  private static String text(Sum sum) {
    return "%d %d %d %d %s"
        .formatted(sum.entries, sum.directories, sum.files, sum.bytes, sum.content);
  }

  private static Block block(JsonNode json) {
    return new Block(
        json.get("pack").asText(),
        json.get("offset").asLong(),
        json.get("storedLength").asInt(),
        json.get("rawLength").asInt(),
        json.get("codec").asText().equals("zstd") ? 1 : 0,
        HexFormat.of().parseHex(json.get("digest").asText()));
  }

  // Primitives

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  private static long signedVarint(ByteBuffer in) {
    long value = varint(in);
    return (value >>> 1) ^ -(value & 1);
  }

  private static byte[] bytes(ByteBuffer in, int count) {
    byte[] bytes = new byte[count];
    in.get(bytes);
    return bytes;
  }

  private static byte[] string(ByteBuffer in) {
    return bytes(in, (int) varint(in));
  }

  private static void putVarint(ByteArrayOutputStream out, long value) {
    for (long rest = value; ; rest >>>= 7) {
      if (rest < 0x80) {
        out.write((int) rest);
        return;
      }
      out.write((int) (rest & 0x7f) | 0x80);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  // Blocks and pages

  private byte[] read(Block block) throws IOException {
    Path pack = repository.resolve(DATASET + "packs/" + block.pack.substring(0, 2));
    byte[] all = Files.readAllBytes(pack.resolve(block.pack));
    byte[] stored = Arrays.copyOfRange(all, (int) block.offset, (int) block.offset + block.stored);
    byte[] raw = block.codec == 0 ? stored : Zstd.decompress(stored, block.raw);
    assertEquals(block.raw, raw.length);
    assertArrayEquals(block.digest, sha256().digest(raw));
    return raw;
  }

  private record Page(int kind, Block[] blocks, ByteBuffer[] items) {}

  private Page page(Block block) throws IOException {
    byte[] raw = read(block);
    ByteBuffer in = ByteBuffer.wrap(raw);
    int kind = in.get();
    assertEquals(1, in.get());
    String[] packs = new String[in.getInt()];
    Block[] blocks = new Block[in.getInt()];
    ByteBuffer[] items = new ByteBuffer[in.getInt()];
    for (int i = 0; i < packs.length; i++) {
      packs[i] = HexFormat.of().formatHex(bytes(in, 16));
    }
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] =
          new Block(
              packs[in.getInt()], in.getLong(), in.getInt(), in.getInt(), in.get(), bytes(in, 32));
    }
    int first = in.position() + 4 * items.length;
    int begin = first;
    for (int i = 0; i < items.length; i++) {
      int end = first + in.getInt();
      items[i] = ByteBuffer.wrap(raw, begin, end - begin);
      begin = end;
    }
    return new Page(kind, blocks, items);
  }

  // Directories

  private Sum readDirectory(String path, Block root) throws IOException {
    MessageDigest content = sha256();
    long[] counts = new long[4];
    if (root != null) {
      readEntries(path, root, content, counts);
    }
    String digest = HexFormat.of().formatHex(content.digest());
    return new Sum(counts[0], counts[1], counts[2], counts[3], digest);
  }

  private void readEntries(String path, Block block, MessageDigest content, long[] counts)
      throws IOException {
    Page page = page(block);
    for (ByteBuffer item : page.items) {
      byte[] name = string(item);
      if (page.kind == 2) {
        long before = counts[0];
        long entries = varint(item);
        readEntries(path, page.blocks[(int) varint(item)], content, counts);
        assertEquals(entries, counts[0] - before);
      } else {
        assertEquals(1, page.kind);
        readEntry(path, name, item, page, content, counts);
      }
    }
  }

  private void readEntry(
      String path, byte[] name, ByteBuffer item, Page page, MessageDigest content, long[] counts)
      throws IOException {
    String full = path + new String(name, StandardCharsets.UTF_8);
    int type = item.get();
    long mode = varint(item);
    Instant mtime = Instant.ofEpochSecond(signedVarint(item), varint(item));
    ByteArrayOutputStream sum = new ByteArrayOutputStream();
    putVarint(sum, name.length);
    sum.writeBytes(name);
    counts[0]++;
    String line;
    if (type == 5) {
      Sum said =
          new Sum(
              varint(item),
              varint(item),
              varint(item),
              varint(item),
              HexFormat.of().formatHex(bytes(item, 32)));
      int number = (int) varint(item);
      Sum found = readDirectory(full + "/", number == 0 ? null : page.blocks[number - 1]);
      assertEquals(said, found, full);
      counts[1]++;
      counts[2] += found.files;
      counts[3] += found.bytes;
      sum.write('d');
      putVarint(sum, mode);
      sum.writeBytes(HexFormat.of().parseHex(found.content));
      line = "d %o %s %s".formatted(mode, mtime, text(found));
    } else if (type == 4) {
      byte[] target = string(item);
      counts[2]++;
      sum.write('l');
      putVarint(sum, target.length);
      sum.writeBytes(target);
      line = "l %o %s %s".formatted(mode, mtime, new String(target, StandardCharsets.UTF_8));
    } else {
      byte[] bytes = readFile(type, item, page);
      byte[] digest = sha256().digest(bytes);
      counts[2]++;
      counts[3] += bytes.length;
      sum.write('f');
      putVarint(sum, mode);
      putVarint(sum, bytes.length);
      sum.writeBytes(digest);
      line = "f %o %s %d %s".formatted(mode, mtime, bytes.length, HexFormat.of().formatHex(digest));
    }
    content.update(sum.toByteArray());
    lines.put(full, line);
  }

  // Files

  private byte[] readFile(int type, ByteBuffer item, Page page) throws IOException {
    if (type == 2) {
      return string(item);
    }
    long size = varint(item);
    byte[] digest = bytes(item, 32);
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    if (type == 1) {
      for (long left = varint(item); left > 0; left--) {
        readExtent(item, page, content);
      }
    } else {
      assertEquals(3, type);
      readExtents(page.blocks[(int) varint(item)], content);
    }
    assertEquals(size, content.size());
    assertArrayEquals(digest, sha256().digest(content.toByteArray()));
    return content.toByteArray();
  }

  private void readExtents(Block block, ByteArrayOutputStream content) throws IOException {
    Page page = page(block);
    for (ByteBuffer item : page.items) {
      if (page.kind == 4) {
        long before = content.size();
        long length = varint(item);
        readExtents(page.blocks[(int) varint(item)], content);
        assertEquals(length, content.size() - before);
      } else {
        assertEquals(3, page.kind);
        readExtent(item, page, content);
      }
    }
  }

  private void readExtent(ByteBuffer item, Page page, ByteArrayOutputStream content)
      throws IOException {
    int number = (int) varint(item);
    if (number == 0) {
      content.writeBytes(new byte[(int) varint(item)]);
    } else {
      content.write(read(page.blocks[number - 1]), (int) varint(item), (int) varint(item));
    }
  }

  // Packs, which understand themselves

  @Test
  void theDocumentSufficesToTakePacksApart() throws IOException {
    int packs = 0;
    try (var files = Files.walk(repository.resolve(DATASET + "packs"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        takeApart(file);
        packs++;
      }
    }
    assertEquals(4, packs);
  }

  private void takeApart(Path file) throws IOException {
    ByteBuffer pack = ByteBuffer.wrap(Files.readAllBytes(file));
    byte[] header = bytes(pack, 16);
    assertEquals("DSFSPACK", new String(header, 0, 8, StandardCharsets.US_ASCII));
    assertEquals(1, header[8]);
    assertTrue(header[9] == 1 || header[9] == 2);
    ByteBuffer trailer = pack.slice(pack.limit() - 56, 56);
    int indexAt = (int) trailer.getLong();
    byte[] index = new byte[trailer.getInt()];
    trailer.getInt();
    pack.get(indexAt, index);
    MessageDigest seal = sha256();
    seal.update(header);
    assertArrayEquals(seal.digest(index), bytes(trailer, 32));
    assertEquals("DSFSPEND", new String(bytes(trailer, 8), StandardCharsets.US_ASCII));
    ByteBuffer in = ByteBuffer.wrap(index);
    long offset = 16;
    String id = file.getFileName().toString();
    assertEquals(id.substring(0, 2), file.getParent().getFileName().toString());
    for (long left = varint(in); left > 0; left--) {
      int stored = (int) varint(in);
      Block block = new Block(id, offset, stored, (int) varint(in), in.get(), bytes(in, 32));
      byte[] raw = read(block);
      int from = 0;
      for (long chunks = varint(in); chunks > 0; chunks--) {
        int length = (int) varint(in);
        byte[] chunk = Arrays.copyOfRange(raw, from, from + length);
        assertArrayEquals(sha256().digest(chunk), bytes(in, 32));
        from += length;
      }
      assertTrue(from == 0 || from == raw.length);
      offset += stored;
    }
    assertEquals(indexAt, offset);
    assertEquals(0, in.remaining());
  }
}
